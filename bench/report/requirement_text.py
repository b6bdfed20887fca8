"""The requirements in words: who meets them, which one is not met, and what was seen."""

from collections.abc import Sequence

from bench.scoring.ranks import Total
from bench.scoring.requirements import RequirementCheck

__all__ = ["reasons", "requirements"]


def requirements(total: Total) -> str:
    """Return whether a target meets all requirements; each that it does not, with what was seen."""
    fails = [one for one in total.checks if one.met is False]
    unknown = [one for one in total.checks if one.met is None]
    parts = [
        f"{mark} {'; '.join(one.told for one in found)}"
        for mark, found in (("✗ fails", fails), ("? unknown, so not passed:", unknown))
        if found
    ]
    return "; ".join(parts) or "✓ meets all"


def reasons(totals: Sequence[Total]) -> dict[str, str]:
    """Return the requirements by name, each with its reason."""
    checks: list[RequirementCheck] = [one for total in totals for one in total.checks]
    return {one.name: one.why for one in checks}
