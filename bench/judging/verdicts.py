"""The five outcomes of a trial, and the verdicts, words and samples that judging gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from bench.contract.records import Attempt, Run, Trial

__all__ = [
    "UNJUDGED",
    "Outcome",
    "Sample",
    "Verdict",
    "Word",
    "common",
    "error",
    "memory_method",
    "needs_again",
]

Outcome = Literal["measured", "failed", "unsupported", "error", "not attempted"]


UNJUDGED: tuple[Outcome, ...] = ("unsupported", "not attempted", "error")
"""Outcomes in which no word says how well a tool does."""


@dataclass(frozen=True)
class Word:
    """A scenario's word for what it found. ``value`` from 0 (worst) to 1; ``good`` ones are not retried.

    traced_only: only a traced run can show it, so a run without the tracer says nothing against it.
    """

    name: str
    meaning: str
    value: float
    good: bool = False
    traced_only: bool = False


OF_MEMORY = ("peak_memory", "parts_held")
"""Indicators that are read from the memory that a run used."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What a trial shows. ``words``: per stage or value, where the scenario has them.

    confirms: words of a traced attempt that this one, seen only from outside, shows again. credit: by the
    name of a word in ``words``, the share of its value that it is worth, where that is not all of it.
    """

    trial: Trial
    outcome: Outcome
    word: str
    sentence: str
    words: Mapping[str, str] = {}
    confirms: frozenset[str] = frozenset()
    credit: Mapping[str, float] = {}

    def shows(self, word: str) -> bool:
        """Whether it says this word, or what can be seen of it from outside."""
        return word == self.word or word in self.confirms


class Sample(msgspec.Struct, frozen=True, gc=False):
    """One number, and where it comes from: the ``run``-th run of an attempt.

    of_failure: whether it counts also where the trial failed, because it says how. method: how it was read, where
    there are several ways; samples of two ways are never compared.
    """

    trial: Trial
    attempt: int
    run: int
    indicator: str
    unit: str
    value: float
    of_failure: bool = False
    method: str = ""


def memory_method(run: Run, indicator: str) -> str:
    """Return how the memory of a run was read, for an indicator that is of memory; else nothing."""
    return run.usage.peak_method if indicator in OF_MEMORY else ""


def error(attempt: Attempt, why: str) -> Verdict:
    """Return the verdict of a trial of which nothing can be said, for a reason that is not the tool's."""
    return Verdict(attempt.trial, "error", "error", why)


def common(attempt: Attempt) -> Verdict | None:
    """Return the verdict of a trial that was not run, or whose harness failed; None if it was run."""
    if attempt.fault is not None:
        return error(attempt, f"{attempt.fault.where}: {attempt.fault.reason}")
    if attempt.declared is not None:
        return Verdict(
            attempt.trial, attempt.declared.outcome, attempt.declared.outcome, attempt.declared.reason
        )
    return None


def needs_again(verdict: Verdict) -> bool:
    """Whether the trial has to be tried again, alone and without the tracer."""
    return verdict.outcome == "failed"
