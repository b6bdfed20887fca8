"""The slope of a line in words: no task and no megabyte costs less than nothing."""

from bench.report.numbers import number, reach
from bench.statistics.line_fit import Fit

__all__ = ["slope"]


def slope(fit: Fit, unit: str) -> tuple[str, str]:
    """Return the slope, and its interval or range.

    A slope below 0 is no cost, and is not told as a number: the start-up varied by more from run to run.
    """
    if not fit.is_cost:
        return "not told", "it came out below 0: the start-up varied by more"
    if fit.slope < 0:
        return "none seen", f"at most {number(fit.slope_high, unit)}"
    return number(fit.slope, unit), reach(max(fit.slope_low, 0.0), fit.slope_high, unit, sure=fit.sure)
