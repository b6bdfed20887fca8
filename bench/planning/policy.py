"""What the suite asks of judging: which trials are tried again, and whether a series may stop.

The suite runs trials and knows no rule; :class:`bench.judging.policy.JudgedPolicy` has the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bench.contract.records import Attempt, Cell
from bench.store.result_set import Stored

__all__ = ["Policy", "Retry"]


@dataclass(frozen=True)
class Retry:
    """A failure that has to be shown again. number: of the next attempt. evidence: of the first one."""

    number: int
    word: str
    sentence: str
    evidence: str


class Policy(Protocol):
    """Decides from what was measured so far; it learns of each attempt as soon as that is on disk."""

    def add(self, attempt: Attempt | Stored) -> None:
        """Take in one more attempt."""

    def measured(self, cell: Cell) -> bool:
        """Whether a cell has an attempt."""

    def count(self) -> int:
        """Return how many cells have an attempt."""

    def seconds(self, cells: Sequence[Cell]) -> float:
        """Return how long the attempts of these cells took."""

    def retry(self, cell: Cell) -> Retry | None:
        """Return the failure that has to be tried again; None where the cell is settled."""

    def error(self, cell: Cell) -> str | None:
        """Return why nothing can be said of a cell; None where something can."""

    def widest(self, scenario: str, case: str, blocks: int) -> tuple[str, float] | None:
        """Return the primary indicator and its greatest relative half-width over the first ``blocks``.

        None where a target has too few samples.
        """
