"""Numbers as people read them: the same everywhere on the scorecard."""

from bench.statistics import Summary

__all__ = ["number", "spread", "standing", "with_unit"]


def number(value: float, unit: str) -> str:
    """Return a value with the digits that its unit deserves."""
    if unit == "count":
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def with_unit(value: float, unit: str) -> str:
    """Return the value and, but for counts, its unit."""
    return number(value, unit) if unit == "count" else f"{number(value, unit)} {unit}"


def spread(summary: Summary, unit: str) -> str:
    """Return the interval of the median in square brackets, or the range with two dots."""
    low, high = summary.bounds
    if summary.count == 1:
        return "one sample"
    if summary.interval is None:
        return f"{number(low, unit)} .. {number(high, unit)}"
    return f"[{number(low, unit)}, {number(high, unit)}]"


def standing(place: tuple[int, int] | None, *, ranked: bool) -> str:
    """Return how a row stands: its place, or between which places it is a tie, or too few samples to say."""
    if not ranked:
        return ""
    if place is None:
        return "too few"
    best, worst = place
    return str(best) if best == worst else f"{best}-{worst}, tie"
