"""What is told of all runs together, gathered from attempt to attempt."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from bench.contract.records import Attempt, Run

__all__ = ["BUSY_SHARE", "Ran", "busy_share"]

BUSY_SHARE = 0.15
"""Share of one core that others may use while a timed run goes on."""


@dataclass
class Ran:
    """All runs. timed: how many were timed. busy: of these, the shares that were too much, by target."""

    timed: int = 0
    busy: dict[str, list[float]] = field(default_factory=dict)
    _starts: "array[float]" = field(default_factory=lambda: array("d"))
    _ends: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, attempts: Iterable[Attempt], *, timed: bool) -> None:
        """Take in the runs of some attempts."""
        for attempt in attempts:
            for run in attempt.runs:
                self._starts.append(run.started)
                self._ends.append(run.started + _length(run))
                if timed:
                    self.timed += 1
                    share = busy_share(run)
                    if share > BUSY_SHARE:
                        self.busy.setdefault(attempt.trial.target.name, []).append(share)

    @property
    def shares(self) -> tuple[float, ...]:
        """Return the shares that were too much, of all targets."""
        return tuple(share for found in self.busy.values() for share in found)

    @property
    def share(self) -> float | None:
        """Return in which part of the time from the first run's start to the last one's end a run went on.

        Runs side by side count once.
        """
        if not self._starts:
            return None
        order = np.argsort(self._starts)
        starts = np.take(self._starts, order)
        until = np.maximum.accumulate(np.take(self._ends, order))
        whole = float(until[-1] - starts[0])
        between = float(np.maximum(starts[1:] - until[:-1], 0.0).sum())
        return 1 - between / whole if whole > 0 else None


def busy_share(run: Run) -> float:
    """Return how many cores others used on average while a run went on.

    The harness's own process sleeps meanwhile. /proc/stat counts in ticks of 10 ms, so a share is only
    meaningful over a second or more; a shorter run counts as one second long.
    """
    return run.others_s / max(run.seconds("exit") or 0.0, 1.0)


def _length(run: Run) -> float:
    return run.seconds("empty") or run.seconds("exit") or 0.0
