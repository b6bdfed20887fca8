"""Medians, distribution-free intervals, paired ratios and differences, and what may be called a tie."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import truediv
from statistics import median
from typing import TypeVar

__all__ = [
    "EFFECT_FLOOR",
    "MIN_SAMPLES",
    "Interval",
    "Summary",
    "below",
    "compared",
    "median_interval",
    "paired_ratio",
    "relative_half_width",
    "summarise",
    "thinned",
]

_Value = TypeVar("_Value")

MIN_SAMPLES = 6
"""Below this no 95 % interval of a median exists without assuming a distribution: 2 * 0.5**5 > 5 %."""
STOPPING = 0.99
"""Confidence of the interval that decides when to stop."""
EFFECT_FLOOR = 0.05
"""Two medians nearer than this share are a tie, however sure the difference is."""


@dataclass(frozen=True)
class Interval:
    """An interval with its true coverage, at least what was asked for."""

    low: float
    high: float
    coverage: float


@dataclass(frozen=True)
class Summary:
    """Samples of one thing, in their own unit. ``interval`` is None below :data:`MIN_SAMPLES`."""

    count: int
    median: float
    low: float
    high: float
    interval: Interval | None

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the interval of the median, or the range where there is none."""
        if self.interval is None:
            return self.low, self.high
        return self.interval.low, self.interval.high


def median_interval(samples: Sequence[float], confidence: float = 0.95) -> Interval | None:
    """Return the interval of the median between two order statistics; None if too few samples.

    The interval from the k-th smallest to the k-th greatest of n covers the median with probability
    1 - 2 * P(Binomial(n, 1/2) < k), whatever the distribution (Conover, Practical Nonparametric
    Statistics, 3rd ed., section 3.2); the greatest k that keeps ``confidence`` is taken.
    """
    found = _order_statistic(len(samples), confidence)
    if found is None:
        return None
    k, coverage = found
    ordered = sorted(samples)
    return Interval(ordered[k - 1], ordered[-k], coverage)


@cache
def _order_statistic(count: int, confidence: float) -> tuple[int, float] | None:
    """Return k as in :func:`median_interval`, and the coverage; None if no k keeps the confidence."""
    best = None
    for k, tail in enumerate(below(count)[: count // 2], 1):
        if 1 - 2 * tail < confidence:
            break
        best = (k, 1 - 2 * tail)
    return best


@cache
def below(count: int) -> tuple[float, ...]:
    """Return with what probability the median is below each of so many ordered samples.

    For the k-th smallest, that is P(Binomial(n, 1/2) < k). The sums are of whole numbers, so that they are exact for
    any count.
    """
    found, ways, total = [], 1, 0
    for k in range(count):
        total += ways
        found.append(total / 2**count)
        ways = ways * (count - k) // (k + 1)
    return tuple(found)


def summarise(samples: Sequence[float]) -> Summary:
    """Summarise at least one sample."""
    # What is sorted already is sorted again in no time.
    ordered = sorted(samples)
    return Summary(len(ordered), median(ordered), ordered[0], ordered[-1], median_interval(ordered))


def paired_ratio(samples: Sequence[float], control: Sequence[float]) -> Summary:
    """Summarise the ratio to the control, paired within blocks and on the logarithmic scale.

    The median of log ratios is the logarithm of the median ratio, and keeps "twice as slow" and
    "half as slow" the same distance from 1.
    """
    if len(samples) != len(control):
        raise ValueError(f"{len(samples)} samples cannot be paired with {len(control)}")
    ordered = sorted(map(truediv, samples, control))
    # The logarithm keeps the order, so only the two in the middle have to be on its scale.
    middle = math.exp(median(math.log(ratio) for ratio in _middle(ordered)))
    return Summary(len(ordered), middle, ordered[0], ordered[-1], median_interval(ordered))


def _middle(ordered: Sequence[float]) -> Sequence[float]:
    """Return the one or two in the middle."""
    count = len(ordered)
    return ordered[(count - 1) // 2 : count // 2 + 1]


def thinned(values: Sequence[_Value], most: int) -> Sequence[_Value]:
    """Return the values, or where there are more, so many in equal steps over their order."""
    if len(values) <= most:
        return values
    return [values[place * len(values) // most] for place in range(most)]


def relative_half_width(samples: Sequence[float]) -> float | None:
    """Return by what it is decided whether to stop: half the width of an interval, as a share of the median.

    None below :data:`MIN_SAMPLES`, or where the median is 0. The interval is of 99 %, or the range where there is
    none: wider than what is told. To stop where an interval is narrow favours those that are narrow by chance, and
    if these were the ones that are told, they would cover the truth too rarely
    (tests/unit/statistics/test_intervals.py).
    """
    found = summarise(samples) if samples else None
    if found is None or found.interval is None or found.median == 0:
        return None
    wide = median_interval(samples, STOPPING)
    low, high = (found.low, found.high) if wide is None else (wide.low, wide.high)
    return (high - low) / 2 / abs(found.median)


def compared(first: Sequence[float], second: Sequence[float]) -> int | None:
    """Return -1 if ``first`` is surely less, 1 if surely greater, 0 for a tie; None if too few samples.

    Sample by sample within blocks. Surely: the 95 % interval of the median ratio leaves out 1, and the
    median ratio is beyond the effect floor. Where a sample is not positive there is no ratio, and the
    paired differences are used, with the floor as a share of the greater median.
    """
    if min(first) > 0 and min(second) > 0:
        ratio = paired_ratio(first, second)
        if ratio.interval is None:
            return None
        change, low, high = (
            math.log(value) for value in (ratio.median, ratio.interval.low, ratio.interval.high)
        )
        floor = math.log(1 + EFFECT_FLOOR)
    else:
        difference = summarise([one - other for one, other in zip(first, second, strict=True)])
        if difference.interval is None:
            return None
        change, low, high = difference.median, difference.interval.low, difference.interval.high
        floor = EFFECT_FLOOR * max(abs(median(first)), abs(median(second)))
    if abs(change) <= floor or low <= 0 <= high:
        return 0
    return -1 if change < 0 else 1
