"""Criteria files: where they are found, how they are read, and how one extends another.

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
from bench.contract.toml import Table, read_toml
from bench.errors import UsageError, nearest
from bench.folders import data_folder
from bench.judging.rules import words
from bench.scoring.criteria import Criteria, Criterion, Indicator, Requirement, Tier, Weight
from bench.scoring.criteria_checks import check, check_words

__all__ = ["criteria_folder", "find", "load", "names", "read", "schema"]

DOCUMENTED = "documented"
"""The family of the indicators that are questions of the checklist."""
NO_SETS = ("checklist", "claims")
"""Files beside the sets."""


class _File(Table, frozen=True, kw_only=True):
    """A criteria file as it is written: a set of criteria, and what it changes in another.

    extends: name of a set that comes with bench. weights: of its criteria, by name. drop: names of
    criteria, or of indicators as ``criterion/indicator``, that are left out. A criterion that the extended
    set has too adds its families and indicators to it.
    """

    name: str
    tiers: dict[Tier, Weight] = {}
    criteria: tuple[Criterion, ...] = ()
    requirement: tuple[Requirement, ...] = ()
    extends: str = ""
    weights: dict[str, Weight] = {}
    drop: tuple[str, ...] = ()


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
    return frozenset(read_toml(criteria_folder() / "checklist.toml", dict[str, Any], UsageError))


def schema() -> dict[str, Any]:
    """Return the JSON schema of a criteria file, for editors."""
    return msgspec.json.schema(_File)


def read(path: Path, scenarios: Mapping[str, Manifest], questions: Iterable[str] = ()) -> Criteria:
    """Read and check a criteria file.

    scenarios: all that there are, by name. questions: of the checklist. Raises UsageError with the file and
    the place of the mistake, and with the nearest name where one is unknown.
    """
    file = read_toml(path, _File, UsageError, "criteria file ")
    criteria = _extended(file, path, scenarios, questions)
    check(criteria, f"criteria file {path}", scenarios, frozenset(questions))
    return criteria


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
    """Refuse what stands twice in one file: the first of the two would be lost."""
    names = [one.name for one in file.criteria]
    ids = [f"{one.name}/{indicator.id}" for one in file.criteria for indicator in one.indicators]
    for name in (*names, *ids):
        if (*names, *ids).count(name) > 1:
            raise UsageError(f"criteria file {path}: '{name}' stands there twice; give one another name")


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
