"""Straight lines through what was measured over a number of tasks: start-up apart from the cost of each task.

One run of ten tasks says nothing of either: a study that divided the time of a whole run by its tasks booked
a tool's start-up as the cost of a step. The line through runs of several counts has both, the cost of a task
as its slope and the start-up as its value at zero.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, linear_regression, median

from bench.statistics.intervals import EFFECT_FLOOR, median_interval

__all__ = ["Fit", "Point", "fit"]

CONFIDENCE = 0.95
EVEN = 0.98
"""What is asked of the interval of a slope, which takes noise to be the same at all counts, so that it still covers
95 % where it grows with the time, as that of a machine does (tests/unit/statistics/test_line_fit.py)."""
COUNTS_TO_TELL = 4
"""Through three a bend and one bad count look the same."""
BY_CHANCE = 0.01
"""A bend is claimed only where noise would look like it more rarely."""


@dataclass(frozen=True)
class Point:
    """What one trial showed, and the control in the same block; both in the unit of the line."""

    case: str
    block: int
    x: float
    value: float
    control: float

    @property
    def y(self) -> float:
        """Return what the target took beyond the control."""
        return self.value - self.control


@dataclass(frozen=True)
class Fit:
    """The line of one target.

    slope: of one more on the x axis; intercept: at zero. From low to high is the 95 % interval where
    ``sure``, else all that can be said with so few points: the range of what each two of them say.
    residuals: how far each point is above the line, in the order of ``points``. linear: whether a straight
    line is right; None where that cannot be told. why: in words.
    """

    target: str
    slope: float
    slope_low: float
    slope_high: float
    intercept: float
    intercept_low: float
    intercept_high: float
    sure: bool
    points: tuple[Point, ...]
    residuals: tuple[float, ...]
    linear: bool | None
    why: str

    @property
    def is_cost(self) -> bool:
        """Return whether the slope can be what one more costs, which is never less than nothing."""
        return self.slope_high >= 0

    @property
    def farthest(self) -> float:
        """Return the greatest distance of a point from the line."""
        return max(abs(residual) for residual in self.residuals)


def fit(target: str, points: Sequence[Point]) -> Fit:
    """Return the line through points of at least two different x.

    Slope: the median of the slopes through each two points, its interval as :func:`_slope_interval` has it.
    Intercept: the median of what the slope leaves of each point; its interval reaches from the low end of that
    median's interval under the highest slope to the high end under the lowest, and so covers more than 95 %
    (tests/unit/statistics/test_line_fit.py).
    """
    slopes = sorted(_slopes(points))
    slope = median(slopes)
    intercept = median(one.y - slope * one.x for one in points)
    sure = _enough(points)
    low, high = _slope_interval(points, slopes) if sure else (slopes[0], slopes[-1])
    linear, why = _straight(points, slope, intercept)
    return Fit(
        target=target,
        slope=slope,
        slope_low=low,
        slope_high=high,
        intercept=intercept,
        intercept_low=_bounds(points, high)[0],
        intercept_high=_bounds(points, low)[1],
        sure=sure,
        points=tuple(points),
        residuals=tuple(one.y - slope * one.x - intercept for one in points),
        linear=linear,
        why=why,
    )


def _enough(points: Sequence[Point]) -> bool:
    """Whether there can be a 95 % interval of the slope.

    Were there no slope at all, the points would be in perfect order of y, up or down, in 2 of the n! / (t1! t2! ...)
    ways to order them, with t points at each x.
    """
    ties = Counter(one.x for one in points).values()
    ways = math.factorial(len(points)) // math.prod(math.factorial(count) for count in ties)
    return 2 / ways <= 1 - CONFIDENCE


def _slopes(points: Sequence[Point]) -> list[float]:
    return [(two.y - one.y) / (two.x - one.x) for one in points for two in points if one.x < two.x]


def _slope_interval(points: Sequence[Point], slopes: Sequence[float]) -> tuple[float, float]:
    """Return the interval of the median slope, between two of all slopes in ascending order.

    By the normal distribution of Kendall's statistic with ties of x, Sen, Estimates of the regression coefficient
    based on Kendall's tau, JASA 63, 1968, 1379-1389, equation 2.6. As scipy.stats.theilslopes, whose import takes
    longer than the rest of a report; the tests hold the two together. Ties of y, which times do not have, are not
    subtracted: the interval is no narrower for them.
    """
    ties = sum(_unordered(tied) for tied in Counter(one.x for one in points).values())
    spread = NormalDist().inv_cdf((1 + EVEN) / 2) * math.sqrt((_unordered(len(points)) - ties) / 18)
    low = round((len(slopes) - spread) / 2) - 1
    high = round((len(slopes) + spread) / 2)
    return slopes[max(low, 0)], slopes[min(high, len(slopes) - 1)]


def _unordered(count: int) -> int:
    """Return 18 times the variance of Kendall's statistic of so many in no order."""
    return count * (count - 1) * (2 * count + 5)


def _bounds(points: Sequence[Point], slope: float) -> tuple[float, float]:
    """Return the interval of the median of what a slope leaves, or the range where there is none."""
    rest = [one.y - slope * one.x for one in points]
    interval = median_interval(rest, CONFIDENCE)
    return (min(rest), max(rest)) if interval is None else (interval.low, interval.high)


def _straight(points: Sequence[Point], slope: float, intercept: float) -> tuple[bool | None, str]:
    """Return whether a straight line is right, None where that cannot be told, and why.

    It is not where it misses the median of a count by more than the effect floor, as a share of what the
    target took there, and by more than repetitions of the same count differ among themselves.
    """
    at: dict[float, list[Point]] = {}
    for one in points:
        at.setdefault(one.x, []).append(one)
    counts = sorted(at)
    if len(counts) < COUNTS_TO_TELL:
        return None, f"too few counts to tell: {len(counts)}, and {COUNTS_TO_TELL} are needed"
    misses = {x: _miss(at[x], slope, intercept) for x in counts}
    worst = max(misses, key=lambda x: misses[x])
    if misses[worst] <= EFFECT_FLOOR:
        return True, f"no count is off the line by more than {EFFECT_FLOOR:.0%} of what it took"
    missed = f"at {worst:g} the line is off by {misses[worst]:.0%} of what it took"
    chance = _chance(list(at.values()))
    if chance is None:
        return None, f"{missed}; too few points to tell a bend from noise"
    if chance > BY_CHANCE:
        return True, f"{missed}, which is no more than the noise (by chance in {chance:.0%} of such series)"
    # Where the number of counts is odd, the middle one is in both halves; where even, the two in the middle.
    half = len(counts) // 2 + 1
    parts = [
        f"{median(_slopes([one for x in part for one in at[x]])):.2g} from {part[0]:g} to {part[-1]:g}"
        for part in (counts[:half], counts[-half:])
    ]
    return False, f"{missed}; one more is {parts[0]}, and {parts[1]}"


def _chance(groups: Sequence[Sequence[Point]]) -> float | None:
    """Return how often points on a straight line would miss it so far, by noise as repetitions of a count have.

    The F test of lack of fit against pure error (Draper and Smith, Applied Regression Analysis, 3rd ed.,
    section 2.2). None where no count was repeated.
    """
    from scipy import special

    points = [one for group in groups for one in group]
    free = len(points) - len(groups)
    if free == 0:
        return None
    line = linear_regression([one.x for one in points], [one.y for one in points])
    means = [fmean(one.y for one in group) for group in groups]
    noise = sum((one.y - mean) ** 2 for group, mean in zip(groups, means, strict=True) for one in group)
    lack = sum(
        len(group) * (mean - line.slope * group[0].x - line.intercept) ** 2
        for group, mean in zip(groups, means, strict=True)
    )
    if noise == 0:
        return 0.0
    return float(special.fdtrc(len(groups) - 2, free, lack / (len(groups) - 2) / (noise / free)))


def _miss(points: Sequence[Point], slope: float, intercept: float) -> float:
    """Return by how much the line misses the median of one count, as a share of what the target took."""
    took = median(one.value for one in points)
    off = abs(median(one.y - slope * one.x - intercept for one in points))
    return off / took if took > 0 else math.inf
