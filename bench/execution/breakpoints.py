"""Holds a body while something is done to its run: at its start or end, or at gates in its own code.

The tracer holds a body at its start or end. Between them only the body's own code can wait. For each step of interest
there are two pipes in the folder that the variable GATES names. When the code reaches the step and finds
``reached-<step>``, it writes its process id into it, then reads ``release-<step>`` to its end.
"""

import os
import select
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench.contract.trial_exits import TrialFault
from bench.execution.supervisor import Supervised
from bench.execution.tracing.prepare import Hold

__all__ = ["GATES", "await_gates", "await_hold", "make_gates"]

RELEASE_S = 2.0
"""Time that a held body may take from reporting its arrival to waiting."""
GATES = "GATES"
"""The environment variable that names the folder of the gates."""


def await_hold(running: Supervised, hold: Hold, act: Callable[[Supervised], None]) -> None:
    """Wait until a body is held or the run is over. Act on a held body, then release it.

    Raises TrialFault if no body is ever held.
    """
    if not _met(running, hold.reached, hold.release, partial(act, running)):
        raise TrialFault("hold", f"stage '{hold.stage}' never reached its {hold.point}")


def make_gates(folder: Path, steps: Sequence[int]) -> None:
    """Make the pipes at which a body's own code waits."""
    folder.mkdir()
    for step in steps:
        for pipe in _pipes(folder, step):
            os.mkfifo(pipe)


def await_gates(
    running: Supervised, folder: Path, steps: Sequence[int], act: Callable[[int], None]
) -> None:
    """Act at each step in turn while the body waits there, then release it. Stop when the run is over."""
    for step in steps:
        reached, release = _pipes(folder, step)
        if not _met(running, reached, release, partial(act, step)):
            return


def _pipes(folder: Path, step: int) -> tuple[Path, Path]:
    return folder / f"reached-{step}", folder / f"release-{step}"


def _met(running: Supervised, reached: Path, release: Path, act: Callable[[], None]) -> bool:
    """Wait until a process reports its arrival, act, and release it; return False if the run is over before."""
    descriptor = os.open(reached, os.O_RDONLY | os.O_NONBLOCK)
    try:
        readable, _, _ = select.select([descriptor, running.fileno()], [], [])
        if descriptor not in readable:
            return False
        held = int(os.read(descriptor, 4096).split()[0])
        act()
        _let_go(release, held)
    finally:
        os.close(descriptor)
    return True


def _let_go(release: Path, pid: int) -> None:
    """Release the held body, unless the act has ended its process or its wait."""
    limit = time.monotonic() + RELEASE_S
    while time.monotonic() < limit and Path("/proc", str(pid)).exists():
        try:
            os.close(os.open(release, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            # It has reported its arrival and is about to wait.
            time.sleep(0.01)
        else:
            return
