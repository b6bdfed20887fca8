"""Criteria: what is asked, in tiers, which indicators answer it, and on what fixed scale."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from bench.contract.scenario_manifest import Manifest
from bench.contract.toml import Table

__all__ = [
    "UNITS",
    "Criteria",
    "Criterion",
    "Indicator",
    "MetricRef",
    "Requirement",
    "Scale",
    "Tier",
    "Weight",
    "leaves",
]

UNITS = {
    "s": ("s", 1.0),
    "ms": ("s", 1e-3),
    "min": ("s", 60.0),
    "MB": ("MB", 1.0),
    "kB": ("MB", 1e-3),
    "GB": ("MB", 1e3),
    "count": ("count", 1.0),
}
"""The unit in which a metric of each unit is recorded, and what one is in it."""
Weight = Annotated[float, Meta(ge=0, le=1_000_000)]
"""The page takes no greater one either."""
Share = Annotated[float, Meta(gt=0, le=1_000_000)]
"""The weight of a part within its whole; a part that is to count nothing is left out."""
Worth = Annotated[float, Meta(ge=-1, le=1)]
Finite = Annotated[float, Meta(ge=-1e18, le=1e18)]
Words = Annotated[tuple[str, ...], Meta(min_length=1)]
Tier = Annotated[str, Meta(pattern="^[1-9][0-9]*$")]


class Scale(Table, frozen=True, kw_only=True):
    """Two fixed points of a number: ``best`` scores 1, ``worst`` 0, and nothing beyond them counts.

    Between them it goes by the number, or by its logarithm: then each doubling costs the same.
    """

    best: Finite
    worst: Finite
    unit: str
    logarithmic: bool = False

    @property
    def factor(self) -> float:
        """Return what one of its unit is in the unit in which metrics are recorded."""
        return UNITS[self.unit][1]

    @property
    def base(self) -> str:
        """Return the unit in which metrics are recorded."""
        return UNITS[self.unit][0]


class Indicator(Table, frozen=True, kw_only=True):
    """One thing that speaks for or against a target within a criterion.

    metrics: ``scenario`` (all its cases, by the weights of their families), ``scenario/case`` (its word) or
    ``scenario/case/indicator`` (a number; or one of the words that a case has beside its own). Of a line
    that a scenario fits, ``scenario/line/slope`` and ``scenario/line/intercept``. scale: of a number.
    values: of words, where they are to count otherwise than the scenario says. needs: words of a metric
    without which the indicator is worth 0. fact: a question of the checklist, whose documented answer
    counts where nothing was measured. why: the reason for the scale or the values.
    """

    id: str
    why: str
    metrics: tuple[str, ...] = ()
    family: str = ""
    weight: Share = 1.0
    scale: Scale | None = None
    values: dict[str, Worth] = {}
    needs: dict[str, Words] = {}
    fact: str = ""


class Criterion(Table, frozen=True, kw_only=True):
    """One thing that the evaluation asks.

    weight: of the criterion, where it is not that of its tier. families: weight of each within the
    criterion; one without an indicator is not attempted yet, and counts as missing. questions: of the
    checklist; each becomes an indicator of the family ``documented``.
    """

    name: str
    tier: int = 0
    asks: str = ""
    weight: Weight | None = None
    families: dict[str, Share] = {}
    indicators: tuple[Indicator, ...] = ()
    questions: tuple[str, ...] = ()


class Requirement(Table, frozen=True, kw_only=True):
    """A hard requirement on one metric: one of these words, or a number within these limits.

    Without evidence it is unknown, never passed.
    """

    metric: str
    why: str
    words: tuple[str, ...] = ()
    at_least: Finite | None = None
    at_most: Finite | None = None


class Criteria(Table, frozen=True, kw_only=True):
    """A set of criteria. ``tiers``: weight of each criterion, by tier."""

    name: str
    tiers: dict[Tier, Weight] = {}
    criteria: tuple[Criterion, ...] = ()
    requirement: tuple[Requirement, ...] = ()

    def weight(self, criterion: Criterion) -> float:
        """Return the weight of a criterion: its own, else its tier's."""
        return self.tiers[str(criterion.tier)] if criterion.weight is None else criterion.weight

    @property
    def weights(self) -> dict[str, float]:
        """Return the weight of every criterion, by name."""
        return {one.name: self.weight(one) for one in self.criteria}


class MetricRef(msgspec.Struct, frozen=True):
    """One metric that an indicator reads, with its weight within it; the weights sum to 1."""

    scenario: str
    case: str
    part: str
    weight: float

    @property
    def metric(self) -> str:
        """Return as ``scenario/case/part``, or ``scenario/case``."""
        return "/".join(filter(None, (self.scenario, self.case, self.part)))


def leaves(indicator: Indicator, scenarios: Mapping[str, Manifest]) -> tuple[MetricRef, ...]:
    """Return the metrics of an indicator one by one.

    Several metrics have equal weights. A whole scenario is split by its families, whose weights are fixed,
    and within each equally among its cases.
    """
    found: list[MetricRef] = []
    for metric in indicator.metrics:
        share = 1.0 / len(indicator.metrics)
        scenario, case, part = (*metric.split("/"), "", "")[:3]
        if case:
            found.append(MetricRef(scenario, case, part, share))
            continue
        manifest = scenarios[scenario]
        families = manifest.families or {"": 1.0}
        total = sum(families.values())
        for family, weight in families.items():
            cases = [name for name, one in manifest.cases.items() if one.family == family and not one.own]
            found += [MetricRef(scenario, one, "", share * weight / total / len(cases)) for one in cases]
    return tuple(found)
