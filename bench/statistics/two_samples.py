"""How two independent samples differ: the Hodges-Lehmann shift with the interval of the Mann-Whitney test.

Within a result set targets are compared block by block (:mod:`bench.statistics.intervals`); two result sets have no
blocks in common. No distribution is assumed but that the two have the same shape.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist, median

from bench.statistics.intervals import MIN_SAMPLES, thinned

__all__ = ["MOST", "Shift", "ratio", "shift"]

MOST = 500
"""Samples of each that are compared; of more, so many are taken in equal steps over their order."""
EXACT = 50
"""Up to so many samples of each the distribution is counted; beyond, the normal one is near enough."""


@dataclass(frozen=True)
class Shift:
    """By how much the second sample is greater than the first: a difference or a ratio.

    coverage: what the interval truly has, at least what was asked for.
    """

    estimate: float
    low: float
    high: float
    coverage: float


def shift(first: Sequence[float], second: Sequence[float], confidence: float = 0.95) -> Shift | None:
    """Return the difference of the second to the first; None below :data:`~bench.statistics.intervals.MIN_SAMPLES`.

    The estimate is the median of all differences of one of the second and one of the first; the interval
    goes from the k-th smallest to the k-th greatest of these, with k from the null distribution of the
    Mann-Whitney statistic (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed.,
    sections 4.2 and 4.3).
    """
    if min(len(first), len(second)) < MIN_SAMPLES:
        return None
    first, second = thinned(first, MOST), thinned(second, MOST)
    apart = sorted(after - before for before in first for after in second)
    k, coverage = _rank(*sorted((len(first), len(second))), confidence)
    return Shift(median(apart), apart[k - 1], apart[-k], coverage)


def ratio(first: Sequence[float], second: Sequence[float], confidence: float = 0.95) -> Shift | None:
    """Return the ratio of the second to the first, both above 0; None where there are too few samples.

    The shift of the logarithms: "twice" and "half" are the same distance from 1.
    """
    found = shift([math.log(one) for one in first], [math.log(one) for one in second], confidence)
    if found is None:
        return None
    return Shift(math.exp(found.estimate), math.exp(found.low), math.exp(found.high), found.coverage)


@cache
def _rank(fewer: int, more: int, confidence: float) -> tuple[int, float]:
    """Return the greatest k with 2 * P(U < k) <= 1 - confidence, at least 1, and the coverage it gives."""
    if more > EXACT:
        mean, deviation = fewer * more / 2, math.sqrt(fewer * more * (fewer + more + 1) / 12)
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        return max(1, math.floor(mean - z * deviation)), confidence
    ways = _ways(fewer, more)
    whole, below, k = math.comb(fewer + more, fewer), 0, 0
    while 2 * (below + ways[k]) <= (1 - confidence) * whole:
        below += ways[k]
        k += 1
    return max(k, 1), 1 - 2 * below / whole


def _ways(fewer: int, more: int) -> list[int]:
    """Return in how many orders of both samples the Mann-Whitney statistic is 0, 1, 2 and so on.

    The coefficients of the Gaussian binomial (Mann and Whitney, Annals of Mathematical Statistics 18(1),
    1947): the product of (1 - x**(more + i)) / (1 - x**i) for i from 1 to ``fewer``.
    """
    size = fewer * more + 1
    ways = [1] + [0] * (size - 1)
    for i in range(1, fewer + 1):
        for place in range(size - 1, more + i - 1, -1):
            ways[place] -= ways[place - more - i]
        for place in range(i, size):
            ways[place] += ways[place - i]
    return ways
