"""The rules by which a scenario judges: its ``verdict.py``, pure functions over stored facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.contract.pipeline import Pipeline
from bench.contract.records import Attempt
from bench.contract.scenario import find, load_module
from bench.errors import ScenarioError
from bench.judging.verdicts import Sample, Verdict, Word

__all__ = ["Judging", "rules_of", "words"]


@dataclass(frozen=True)
class Judging:
    """A scenario's pure functions.

    judge(attempt, the control's attempt or None, pipeline) gives the verdict; samples(attempt,
    pipeline) the numbers of an attempt that was measured.
    """

    words: tuple[Word, ...]
    judge: Callable[[Attempt, Attempt | None, Pipeline], Verdict]
    samples: Callable[[Attempt, Pipeline], Iterable[Sample]]

    def place(self, word: str) -> tuple[float, float]:
        """Return what orders words from the worst: their value, and of equal ones the last named is worse.

        A word that is none of the scenario's (nothing was judged) is below all.
        """
        places = ((one.value, float(-at)) for at, one in enumerate(self.words) if one.name == word)
        return next(places, (-1.0, 0.0))


def words(name: str) -> frozenset[str]:
    """Return the words of a scenario. Raises ScenarioError."""
    return frozenset(word.name for word in rules_of(find(name)).words)


@cache
def rules_of(folder: Path) -> Judging:
    """Load how a scenario judges. Raises ScenarioError.

    It is kept, because a criteria set asks for its words again and again.
    """
    verdict = load_module(folder, "verdict")
    for name in ("WORDS", "judge", "samples"):
        if not hasattr(verdict, name):
            raise ScenarioError(f"scenario '{folder.name}': verdict.py lacks {name}")
    return Judging(tuple(verdict.WORDS), verdict.judge, verdict.samples)
