"""Criteria sets: what is asked, in tiers, which indicators answer it, and on what fixed scale.

A set is a TOML file. A user's own may stand alone or extend one that comes with bench: it changes weights,
drops criteria or indicators, adds indicators over any metric, and sets hard requirements.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from bench.contract.scenario import manifests
from bench.contract.scenario_manifest import Manifest
from bench.errors import UsageError, nearest
from bench.folders import data_folder
from bench.judging.rules import words
from bench.scoring.criteria_checks import UNITS, check, check_words
from bench.scoring.criteria_mistakes import told

__all__ = [
    "Criteria",
    "Criterion",
    "Indicator",
    "MetricRef",
    "Requirement",
    "Scale",
    "find",
    "leaves",
    "load",
    "names",
    "read",
    "schema",
]

DOCUMENTED = "documented"
"""The family of the indicators that are questions of the checklist."""
NO_SETS = ("checklist", "claims")
"""Files beside the sets."""


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the tables of a criteria file: an unknown key is refused."""


class Scale(_Table, frozen=True, kw_only=True):
    """Two fixed points of a number: ``best`` scores 1, ``worst`` 0, and nothing beyond them counts.

    Between them it goes by the number, or by its logarithm: then each doubling costs the same.
    """

    best: float
    worst: float
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


class Indicator(_Table, frozen=True, kw_only=True):
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
    weight: float = 1.0
    scale: Scale | None = None
    values: dict[str, float] = {}
    needs: dict[str, tuple[str, ...]] = {}
    fact: str = ""


class Criterion(_Table, frozen=True, kw_only=True):
    """One thing that the evaluation asks.

    weight: of the criterion, where it is not that of its tier. families: weight of each within the
    criterion; one without an indicator is not attempted yet, and counts as missing. questions: of the
    checklist; each becomes an indicator of the family ``documented``.
    """

    name: str
    tier: int = 0
    asks: str = ""
    weight: float | None = None
    families: dict[str, float] = {}
    indicators: tuple[Indicator, ...] = ()
    questions: tuple[str, ...] = ()


class Requirement(_Table, frozen=True, kw_only=True):
    """A hard requirement on one metric: one of these words, or a number within these limits.

    Without evidence it is unknown, never passed.
    """

    metric: str
    why: str
    words: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None


class Criteria(_Table, frozen=True, kw_only=True):
    """A set of criteria. ``tiers``: weight of each criterion, by tier."""

    name: str
    tiers: dict[str, float] = {}
    criteria: tuple[Criterion, ...] = ()
    requirement: tuple[Requirement, ...] = ()

    def weight(self, criterion: Criterion) -> float:
        """Return the weight of a criterion: its own, else its tier's."""
        return self.tiers[str(criterion.tier)] if criterion.weight is None else criterion.weight

    @property
    def weights(self) -> dict[str, float]:
        """Return the weight of every criterion, by name."""
        return {one.name: self.weight(one) for one in self.criteria}


class _File(_Table, frozen=True, kw_only=True):
    """A criteria file as it is written: a set of criteria, and what it changes in another.

    extends: name of a set that comes with bench. weights: of its criteria, by name. drop: names of
    criteria, or of indicators as ``criterion/indicator``, that are left out. A criterion that the extended
    set has too adds its families and indicators to it.
    """

    name: str
    tiers: dict[str, float] = {}
    criteria: tuple[Criterion, ...] = ()
    requirement: tuple[Requirement, ...] = ()
    extends: str = ""
    weights: dict[str, float] = {}
    drop: tuple[str, ...] = ()


_KEYS = {
    "": _File.__struct_fields__,
    "criteria": Criterion.__struct_fields__,
    "indicators": Indicator.__struct_fields__,
    "scale": Scale.__struct_fields__,
    "requirement": Requirement.__struct_fields__,
}
"""The keys of each table of a file."""


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


def criteria_folder() -> Path:
    """Return the folder of the sets that come with bench, in a checkout or in a wheel."""
    return data_folder("criteria")


def names() -> dict[str, Path]:
    """Return the file of each set that comes with bench, by name."""
    return {
        path.stem: path for path in sorted(criteria_folder().glob("*.toml")) if path.stem not in NO_SETS
    }


def find(name: str) -> Path:
    """Return the file of a set by its name, or of a path. Raises UsageError with the nearest name."""
    if name.endswith(".toml"):
        return Path(name)
    known = names()
    if name not in known:
        raise UsageError(f"unknown criteria set '{name}'{nearest(name, known)}; or give a .toml file")
    return known[name]


def load(name: str) -> Criteria:
    """Read a set by its name or file, checked against what there is. Raises UsageError or ScenarioError."""
    path = find(name)
    return _shipped(path) if path.parent == criteria_folder() else _checked(path)


@cache
def _shipped(path: Path) -> Criteria:
    """Read a set that comes with bench; what is asked of a checklist reads one too."""
    return _checked(path)


def _checked(path: Path) -> Criteria:
    criteria = read(path, manifests(), _questions())
    check_words(criteria, f"criteria file {path}", words)
    return criteria


def _questions() -> frozenset[str]:
    """Return the ids of the checklist's questions; their text is not needed here."""
    return frozenset(msgspec.toml.decode((criteria_folder() / "checklist.toml").read_bytes()))


def schema() -> dict[str, Any]:
    """Return the JSON schema of a criteria file, for editors."""
    return msgspec.json.schema(_File)


def read(path: Path, scenarios: Mapping[str, Manifest], questions: Iterable[str] = ()) -> Criteria:
    """Read and check a criteria file.

    scenarios: all that there are, by name. questions: of the checklist. Raises UsageError with the file and
    the place of the mistake, and with the nearest name where one is unknown.
    """
    try:
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise UsageError(f"criteria file {path} cannot be read ({error.strerror})") from error
    except msgspec.ValidationError as error:
        raw = msgspec.toml.decode(path.read_bytes())
        raise UsageError(f"criteria file {path}: {told(str(error), raw, _KEYS)}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"criteria file {path}: {error}") from error
    criteria = _extended(file, path, scenarios, questions)
    check(criteria, f"criteria file {path}", scenarios, frozenset(questions))
    return criteria


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
            cases = [name for name, one in manifest.cases.items() if one.family == family]
            found += [MetricRef(scenario, one, "", share * weight / total / len(cases)) for one in cases]
    return tuple(found)


def _extended(
    file: _File, path: Path, scenarios: Mapping[str, Manifest], questions: Iterable[str]
) -> Criteria:
    _check_names(file, path)
    base = Criteria(name="none")
    if file.extends.endswith(".toml"):
        raise UsageError(f"criteria file {path}: extends names a set that comes with bench, not a file")
    if file.extends:
        try:
            base = read(find(file.extends), scenarios, questions)
        except UsageError as error:
            raise UsageError(f"criteria file {path}: extends: {error}") from error
    kept = {one.name: one for one in base.criteria}
    for one in map(_with_questions, file.criteria):
        kept[one.name] = _merged(kept[one.name], one) if one.name in kept else one
    for name in file.drop:
        _drop(name, kept, path)
    for name, weight in file.weights.items():
        if name not in kept:
            raise UsageError(f"criteria file {path}: weights: no criterion '{name}'{nearest(name, kept)}")
        kept[name] = msgspec.structs.replace(kept[name], weight=weight)
    return Criteria(
        name=file.name,
        tiers={**base.tiers, **file.tiers},
        criteria=tuple(kept.values()),
        requirement=(*base.requirement, *file.requirement),
    )


def _check_names(file: _File, path: Path) -> None:
    """Refuse what stands twice in one file, of which the first would be lost, and a tier that is no number."""
    names = [one.name for one in file.criteria]
    ids = [f"{one.name}/{indicator.id}" for one in file.criteria for indicator in one.indicators]
    for name in (*names, *ids):
        if (*names, *ids).count(name) > 1:
            raise UsageError(f"criteria file {path}: '{name}' stands there twice; give one another name")
    for tier in file.tiers:
        if not tier.isdecimal() or int(tier) < 1:
            raise UsageError(
                f"criteria file {path}: tiers: '{tier}' is no tier; they are 1, 2, 3 and so on"
            )


def _with_questions(criterion: Criterion) -> Criterion:
    """Return a criterion with an indicator for each of its questions."""
    asked = tuple(
        Indicator(id=name, fact=name, family=DOCUMENTED, why="a question of the checklist")
        for name in criterion.questions
    )
    return msgspec.structs.replace(criterion, indicators=(*criterion.indicators, *asked), questions=())


def _merged(base: Criterion, more: Criterion) -> Criterion:
    indicators = {one.id: one for one in (*base.indicators, *more.indicators)}
    return Criterion(
        name=base.name,
        tier=more.tier or base.tier,
        asks=more.asks or base.asks,
        weight=base.weight if more.weight is None else more.weight,
        families={**base.families, **more.families},
        indicators=tuple(indicators.values()),
    )


def _drop(name: str, kept: dict[str, Criterion], path: Path) -> None:
    if name in kept:
        del kept[name]
        return
    criterion, _, indicator = name.partition("/")
    one = kept.get(criterion)
    ids = [] if one is None else [each.id for each in one.indicators]
    if one is None or indicator not in ids:
        known = [*kept, *(f"{criterion}/{each}" for each in ids)]
        raise UsageError(f"criteria file {path}: drop: there is no '{name}'{nearest(name, known)}")
    left = tuple(each for each in one.indicators if each.id != indicator)
    kept[criterion] = msgspec.structs.replace(one, indicators=left)
