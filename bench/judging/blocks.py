"""What the blocks of one target and case say together: the one rule of all tables, scores and comparisons."""

from collections.abc import Callable, Iterable
from typing import Any

from bench.judging.verdicts import Verdict

__all__ = ["judged", "worst"]


def judged(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the verdicts that say something of the target; where none does, all.

    A block that could not be judged hides none that was. It is told by itself, as an error or as not attempted.
    """
    every = list(verdicts)
    return [verdict for verdict in every if not _silent(verdict)] or every


def worst(verdicts: Iterable[Verdict], place: Callable[[str], Any]) -> Verdict:
    """Return the worst verdict of those that say something. ``place``: what orders words from the worst."""
    return min(judged(verdicts), key=lambda verdict: place(verdict.word))


def _silent(verdict: Verdict) -> bool:
    """Whether it says nothing; what a tool does not have is said, where it is said part by part."""
    return verdict.outcome in ("error", "not attempted") or (
        verdict.outcome == "unsupported" and not verdict.words
    )
