"""Holds a body until something was done to its run: at its start or end, or at gates of its own.

The tracer holds a body at its start or end. In the middle of it only its own code can wait: for each step that is
to be looked at there are two pipes in the folder that the variable GATES names. Code that comes to the step and
finds ``reached-<step>`` writes its process id into it, and then reads ``release-<step>`` to its end.
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
"""How long a held body may take from saying that it is there to waiting."""
GATES = "GATES"
"""The variable that names the folder of the gates."""


def await_hold(running: Supervised, hold: Hold, act: Callable[[Supervised], None]) -> None:
    """Wait until a body is held or the run is over; act on the first, then let the body go on.

    Raises TrialFault where no body is ever held.
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
    """Act on each step in turn while the body waits there, then let it go on; stops where the run is over."""
    for step in steps:
        reached, release = _pipes(folder, step)
        if not _met(running, reached, release, partial(act, step)):
            return


def _pipes(folder: Path, step: int) -> tuple[Path, Path]:
    return folder / f"reached-{step}", folder / f"release-{step}"


def _met(running: Supervised, reached: Path, release: Path, act: Callable[[], None]) -> bool:
    """Wait until a process says that it is there, act, and let it go on; False where the run is over before."""
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
    """Let the held body go on, unless the act has ended its process or its waiting."""
    limit = time.monotonic() + RELEASE_S
    while time.monotonic() < limit and Path("/proc", str(pid)).exists():
        try:
            os.close(os.open(release, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            # It has said that it is there, and is about to wait.
            time.sleep(0.01)
        else:
            return
