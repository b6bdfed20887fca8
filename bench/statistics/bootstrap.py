"""What the median of a few samples may be, in draws: as wide as the order statistics say, and paired by blocks."""

import numpy as np
from numpy.typing import NDArray

from bench.statistics.intervals import below, median_interval

__all__ = ["median_draws"]

CONFIDENCE = 0.95
DIGITS = 9
"""Of what a sample is worth, from 0 to 1."""


def median_draws(
    samples: NDArray[np.float64], middle: float, chosen: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return draws of the median of at least six samples from 0 to 1.

    middle: their median. chosen: the samples of each draw, by place, with replacement; shape (draws, blocks).

    A median of samples drawn again alone is too narrow: of seven samples its 95 % interval covers the truth
    in 88 of 100 series. So the blocks drawn again only say which draws are high and which are low, and thus
    what targets have in common. How high is said by the order statistics: the median is below the k-th
    smallest of n samples with probability P(Binomial(n, 1/2) < k) (Conover, Practical Nonparametric
    Statistics, 3rd ed., section 3.2), linear between two of them, and the interval of the draws is that of
    :func:`~bench.statistics.intervals.median_interval`.
    """
    drawn = samples[chosen]
    # Many medians are equal; the means tell them apart, and are alike for targets whose noise is. Rounded,
    # because sums of the same numbers differ in their last digits.
    order = np.lexsort((drawn.mean(axis=1).round(DIGITS), np.median(drawn, axis=1).round(DIGITS)))
    draws = len(order)
    at = np.empty(draws)
    at[order] = (np.arange(draws) + 0.5) / draws
    interval = median_interval(samples.tolist(), CONFIDENCE)
    if interval is None:
        raise ValueError(f"{len(samples)} samples are too few for an interval of their median")
    # A draw further in, so that the quantiles of the draws are the ends of the interval themselves.
    tail = (1 - CONFIDENCE) / 2 + 1 / draws
    ordered = np.sort(samples)
    chances = np.array(below(len(samples)))
    inside = (chances > tail) & (chances < 1 - tail) & (chances != 0.5)
    left, right = inside & (chances < 0.5), inside & (chances > 0.5)
    found = np.interp(
        at,
        [tail, *chances[left], 0.5, *chances[right], 1 - tail],
        [interval.low, *ordered[left], middle, *ordered[right], interval.high],
    )
    return np.asarray(found)
