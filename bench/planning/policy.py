"""What the suite asks of judging: which trials are tried again, and whether a series may stop.

The suite runs trials and contains no rule of judging; :class:`bench.judging.judged_policy.JudgedPolicy` has the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bench.contract.records import Attempt, Trial
from bench.store.record_reading import Stored

__all__ = ["Policy", "Retry"]


@dataclass(frozen=True)
class Retry:
    """A failure that must be reproduced. number: of the next attempt. evidence: of the first attempt."""

    number: int
    word: str
    sentence: str
    evidence: str


class Policy(Protocol):
    """Decides from the attempts so far. The suite adds each attempt as soon as it is on disk."""

    def add(self, attempt: Attempt | Stored) -> None:
        """Add an attempt."""

    def measured(self, trial: Trial) -> bool:
        """Whether a trial has an attempt."""

    def count(self) -> int:
        """Return how many trials have an attempt."""

    def seconds(self, trials: Sequence[Trial]) -> float:
        """Return how long the attempts of these trials took."""

    def retry(self, trial: Trial) -> Retry | None:
        """Return the failure that must be reproduced; None if the trial is settled."""

    def error(self, trial: Trial) -> str | None:
        """Return why a trial has no result; None if it has one."""

    def widest(self, scenario: str, case: str, blocks: int) -> tuple[str, float] | None:
        """Return the primary indicator and its greatest relative half-width over the first ``blocks``.

        None if a target has too few samples.
        """
