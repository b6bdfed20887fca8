"""Numbers as people read them: the same everywhere on the scorecard."""

import math

from bench.statistics.intervals import Summary

__all__ = [
    "bounds",
    "chance",
    "number",
    "reach",
    "rounded_weight",
    "span",
    "spread",
    "standing",
    "weight",
    "within",
]

SMALLEST = 0.001
"""Of seconds and megabytes, what is less is not told apart."""


def number(value: float, unit: str) -> str:
    """Return a value with the digits that its unit deserves."""
    if unit == "count":
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    if value == 0:
        return "0"
    if abs(value) < SMALLEST:
        return f"<{SMALLEST}" if value > 0 else f">-{SMALLEST}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def spread(summary: Summary, unit: str) -> str:
    """Return the interval of the median in square brackets, or the range with two dots."""
    low, high = summary.bounds
    if summary.count == 1:
        return "one sample"
    return reach(low, high, unit, sure=summary.interval is not None)


def reach(low: float, high: float, unit: str, *, sure: bool) -> str:
    """Return an interval in square brackets, or a range with two dots."""
    ends = number(low, unit), number(high, unit)
    return f"[{', '.join(ends)}]" if sure else " .. ".join(ends)


def standing(place: tuple[int, int] | None, *, ranked: bool, void: bool) -> str:
    """Return how a row stands: its place, or between which places it is a tie, or why it has none.

    Empty where nobody is ranked: in what is attribution, and for the A/A check.
    """
    if not ranked:
        return ""
    if void:
        return "void"
    if place is None:
        return "too few"
    best, worst = place
    return bounds(place) + ("" if best == worst else ", tie")


def span(low: float, high: float) -> str:
    """Return a score by its bounds; one that nothing is known of has none."""
    return "no evidence" if (low, high) == (0.0, 1.0) else within(low, high)


def within(low: float, high: float) -> str:
    """Return a score by its bounds."""
    return f"{low:.2f}" if high - low < 0.005 else f"{low:.2f} .. {high:.2f}"


def chance(share: float) -> str:
    """Return a probability; one that never was is a dot, and what rounds to never or always is not called so."""
    if share == 0:
        return "·"
    if share < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


def bounds(place: tuple[int, int]) -> str:
    """Return a place, or the places between which a target stands."""
    best, worst = place
    return str(best) if best == worst else f"{best}-{worst}"


def weight(value: float) -> str:
    """Return the weight of a criterion, with two digits where it needs them."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def rounded_weight(value: float, *, up: bool) -> str:
    """Return a weight rounded up or down to two digits, or to so many that it is above 0."""
    digits = 2
    while True:
        steps = value * 10**digits
        whole = math.ceil(steps) if up else math.floor(steps)
        if whole > 0:
            return f"{whole / 10**digits:.{digits}f}".rstrip("0").rstrip(".")
        digits += 1
