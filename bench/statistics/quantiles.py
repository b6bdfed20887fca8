"""Quantiles of draws that are draws themselves: no interpolation, so that a page agrees exactly."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["HIGH", "LOW", "MIDDLE", "middle", "quantile", "rank"]

LOW, MIDDLE, HIGH = 0.025, 0.5, 0.975


def rank(share: float, count: int) -> int:
    """Return the place, from 0, of the quantile at a share among so many sorted draws.

    It is above a number just where no more draws than its place are not.
    """
    return int(share * (count - 1) + 0.5)


def quantile(values: NDArray[np.float64], share: float) -> float:
    """Return the draw at a share of the sorted values."""
    return float(np.sort(values)[rank(share, len(values))])


def middle(values: NDArray[np.float64]) -> float:
    """Return the median draw."""
    return quantile(values, MIDDLE)
