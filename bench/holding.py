"""Holds a body at its start or end until something was done to its run."""

import os
import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.endings import CellFault
from bench.supervisor import Supervised
from bench.tracing.prepare import Hold

__all__ = ["Point", "await_hold"]

RELEASE_S = 2.0
"""How long a held body may take from saying that it is there to waiting."""


@dataclass(frozen=True)
class Point:
    """Where a body is held: at the ``start`` or the ``end`` of the first call of a stage."""

    stage: str
    at: Literal["start", "end"]


def await_hold(running: Supervised, hold: Hold, act: Callable[[Supervised], None]) -> None:
    """Wait until a body is held or the run is over; act on the first, then let the body go on.

    Raises CellFault where no body is ever held.
    """
    reached = os.open(hold.reached, os.O_RDONLY | os.O_NONBLOCK)
    try:
        readable, _, _ = select.select([reached, running.fileno()], [], [])
        if reached not in readable:
            raise CellFault("hold", f"stage '{hold.stage}' never reached its {hold.point}")
        held = int(os.read(reached, 4096).split()[0])
        act(running)
        _release(hold, held)
    finally:
        os.close(reached)


def _release(hold: Hold, pid: int) -> None:
    """Let the held body go on, unless the act has ended its process or its waiting."""
    limit = time.monotonic() + RELEASE_S
    while time.monotonic() < limit and Path("/proc", str(pid)).exists():
        try:
            os.close(os.open(hold.release, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            # It has said that it is there, and is about to wait.
            time.sleep(0.01)
        else:
            return
