"""The rules by which a scenario judges: its ``verdict.py``, pure functions over stored facts."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from bench.contract.loading import load_module
from bench.contract.pipeline import Pipeline
from bench.contract.records import Attempt
from bench.contract.safe_text import in_one_line
from bench.contract.scenario import find
from bench.errors import ScenarioError
from bench.judging.verdicts import UNJUDGED, Sample, Verdict, Word, error

__all__ = ["Judging", "rules_of", "words"]

NUMBER = (int, float)
TOLD = 200
"""Characters of an exception that are told."""


@dataclass(frozen=True)
class Judging:
    """A scenario's pure functions.

    judge(attempt, the control's attempt or None, pipeline) gives the verdict; samples(attempt,
    pipeline) the numbers of an attempt that was measured.
    """

    words: tuple[Word, ...]
    judge: Callable[[Attempt, Attempt | None, Pipeline], Verdict]
    samples: Callable[[Attempt, Pipeline], Iterable[Sample]]

    def judged(
        self, attempt: Attempt, control: Attempt | None, pipeline: Pipeline
    ) -> tuple[Verdict, tuple[Sample, ...]]:
        """Return the verdict and the samples of an attempt; no rule that raises takes more than its trial down.

        What a rule raises makes the trial an *error*: what was stored is not of the form that the rule reads.
        """
        try:
            verdict = self.judge(attempt, control, pipeline)
            self._check_verdict(verdict)
            if verdict.outcome in UNJUDGED:
                return verdict, ()
            found = tuple(self.samples(attempt, pipeline))
            self._check_samples(found)
        except Exception as raised:  # noqa: BLE001 - a rule may raise anything, and all else has to be shown
            what = in_one_line(str(raised)[:TOLD])
            told = f"{type(raised).__name__}: {what}" if what else type(raised).__name__
            why = (
                f"the rules of scenario '{attempt.trial.scenario}' cannot judge what was stored of this trial "
                f"({told}); mend the probe or the rule, then: bench report SET"
            )
            return error(attempt, why), ()
        return verdict, found

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(word.name for word in self.words)

    def _check_verdict(self, verdict: Verdict) -> None:
        """Raise TypeError or ValueError for a verdict that tables could not show."""
        if verdict.outcome not in UNJUDGED and verdict.word not in self._names:
            raise ValueError(f"the verdict '{verdict.word}' is none of the scenario's words")
        texts = (verdict.sentence, *verdict.words, *verdict.words.values())
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("the verdict has a word or sentence that is no text")
        for name, value in verdict.credit.items():
            _check_number(name, value)

    @staticmethod
    def _check_samples(samples: Iterable[Sample]) -> None:
        """Raise TypeError or ValueError for a sample that is no number."""
        for sample in samples:
            _check_number(sample.indicator, sample.value)

    def place(self, word: str) -> tuple[float, float]:
        """Return what orders words from the worst: their value, and of equal ones the last named is worse.

        A word that is none of the scenario's (nothing was judged) is below all.
        """
        places = ((one.value, float(-at)) for at, one in enumerate(self.words) if one.name == word)
        return next(places, (-1.0, 0.0))


def _check_number(name: str, value: object) -> None:
    if not isinstance(value, NUMBER):
        raise TypeError(f"the value of '{name}' is no number, but of type {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"the value of '{name}' is {value}, not a finite number")


def words(name: str) -> frozenset[str]:
    """Return the words of a scenario. Raises ScenarioError."""
    return frozenset(word.name for word in rules_of(find(name)).words)


@cache
def rules_of(folder: Path) -> Judging:
    """Load how a scenario judges. Raises ScenarioError.

    It is kept, because a criteria set asks for its words again and again.
    """
    verdict = load_module(folder, "verdict", "scenario", ScenarioError)
    for name in ("WORDS", "judge", "samples"):
        if not hasattr(verdict, name):
            raise ScenarioError(f"scenario '{folder.name}': verdict.py lacks {name}")
    return Judging(tuple(verdict.WORDS), verdict.judge, verdict.samples)
