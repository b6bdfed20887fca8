"""What a result set says of a target in some metrics, in a few words."""

from collections import Counter
from collections.abc import Sequence
from math import isnan
from statistics import median

from bench.report.numbers import number
from bench.scoring.readings import Reading

__all__ = ["said"]

TOLD = 3
"""Numbers of one indicator that are told one by one."""
LACKING = {"failed": "failed", "unsupported": "not supported"}


def said(readings: Sequence[Reading], unit: str | None) -> str:
    """Return words with how often they were said, or medians; empty where nothing is known.

    unit: of numbers; None of words.
    """
    known = [one for one in readings if one.state != "missing"]
    lacking = Counter(LACKING[one.state] for one in known if one.state != "measured")
    measured = [one for one in known if one.state == "measured"]
    told = _numbers(measured, unit) if unit is not None else _words(measured)
    return ", ".join([*told, *_counted(lacking, alone=len(known) == 1)])


def _numbers(readings: Sequence[Reading], unit: str) -> list[str]:
    found = [number(median(_ended(one)), unit) for one in readings]
    shown = "; ".join(found[:TOLD]) + (f"; and {len(found) - TOLD} more" if len(found) > TOLD else "")
    return [f"{shown} {unit}" if unit != "count" else shown] if found else []


def _ended(reading: Reading) -> list[float]:
    """Return the samples without the blocks that failed, of which at least one did not."""
    return [value for value in reading.samples if not isnan(value)]


def _words(readings: Sequence[Reading]) -> list[str]:
    words = Counter(word for one in readings for block in one.words[:1] for word, _ in block)
    for one in readings:
        # What other blocks said is told where it differs.
        first = {word for word, _ in one.words[0]} if one.words else set()
        words.update(word for block in one.words[1:] for word, _ in block if word not in first)
    return _counted(words, alone=sum(words.values()) == 1)


def _counted(words: Counter[str], *, alone: bool) -> list[str]:
    return [word if alone else f"{word} ({count})" for word, count in words.most_common()]
