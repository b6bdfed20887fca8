"""Compares two targets in one criterion, on what both have evidence of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.scoring.criteria import Criterion
from bench.scoring.draws import Floats, quantised
from bench.scoring.grades import Graded, Score, shares

__all__ = ["Common", "common"]


@dataclass(frozen=True)
class Common:
    """One criterion of two targets, on what both have.

    share: of the criterion's weight, for which both have evidence. difference: of the scores there, first
    less second, shape (1,) or (DRAWS,). first, second: medians of these scores. beyond: what
    each scores, of the whole criterion, where it alone has evidence; shape as above.
    """

    share: float
    difference: Floats
    first: float
    second: float
    beyond: tuple[Floats, Floats]

    @property
    def turned(self) -> "Common":
        """Return the same, seen from the second."""
        return Common(self.share, -self.difference, self.second, self.first, self.beyond[::-1])


def common(criterion: Criterion, first: Score, second: Score) -> Common:
    """Compare two targets in one criterion, on the parts that both have."""
    share, totals = 0.0, [np.zeros(1), np.zeros(1)]
    beyond = [np.zeros(1), np.zeros(1)]
    for one, other, weight in zip(first.graded, second.graded, shares(criterion), strict=True):
        beyond = [
            total + weight * _beyond(each, its)
            for total, each, its in zip(beyond, (one, other), (other, one), strict=True)
        ]
        if not (one.known and other.known) or one.by_fact != other.by_fact:
            continue
        both = [
            index
            for index, (part, its) in enumerate(zip(one.parts, other.parts, strict=True))
            if (part.comparable or one.barred) and (its.comparable or other.barred)
        ]
        within = 1.0 if one.by_fact else sum(one.parts[index].leaf.weight for index in both)
        if within > 0.0:
            share += weight * within
            totals = [
                total + weight * within * _on(graded, both)
                for total, graded in zip(totals, (one, other), strict=True)
            ]
    more = quantised(beyond[0]), quantised(beyond[1])
    if share == 0.0:
        return Common(share, np.zeros(1), 0.0, 0.0, more)
    ours, theirs = (total / share for total in totals)
    medians = float(np.median(ours)), float(np.median(theirs))
    return Common(share, quantised(ours - theirs), *medians, more)


def _beyond(one: Graded, other: Graded) -> Floats:
    """Return what an indicator is worth on the parts of it that the other has no evidence of; never less than 0.

    An answer from documents counts so only where the other has nothing at all.
    """
    if not one.known or one.barred is not None or other.barred is not None:
        return np.zeros(1)
    if one.by_fact:
        return np.zeros(1) if other.known else one.low
    missing = [
        part
        for part, its in zip(one.parts, other.parts, strict=True)
        if part.comparable and its.reading.state == "missing"
    ]
    return np.maximum(sum((part.leaf.weight * part.low for part in missing), np.zeros(1)), 0.0)


def _on(graded: Graded, both: Sequence[int]) -> Floats:
    """Return what an indicator is worth on some of its parts."""
    if graded.barred is not None or graded.by_fact:
        return graded.low
    parts = [graded.parts[index] for index in both]
    weight = sum(part.leaf.weight for part in parts)
    return np.clip(sum((part.leaf.weight * part.low for part in parts), np.zeros(1)) / weight, 0.0, 1.0)
