"""The manifest of a scenario, ``scenario.toml``: its question, cases, profiles and indicators."""

from pathlib import Path
from typing import Literal

from bench.contract.pipeline import Value
from bench.contract.toml import Table, read_toml
from bench.errors import ScenarioError, nearest

__all__ = ["OWN", "Case", "Indicator", "LineSpec", "Manifest", "Repetition", "Turns", "read_manifest"]

Turns = Literal["stages", "helpers", "parameters", "files"]
OWN = "reference"
"""The pipeline whose place a user's own takes."""
LEAST_COUNTS = 2
"""A line needs as many different numbers."""


class Indicator(Table, frozen=True, kw_only=True):
    """A number that a scenario measures.

    primary: the one that decides when to stop. ranked: whether less or more of it makes a tool better.
    """

    id: str
    title: str
    unit: Literal["s", "MB", "count"]
    direction: Literal["lower", "higher"]
    meaning: str
    primary: bool = False
    ranked: bool = True


class Case(Table, frozen=True, kw_only=True):
    """One named situation.

    parameters: values of the pipeline's parameters in all its runs, where not the defaults. aa_check: whether
    the planted A/A check is measured beside it. held: whether a body is held in it, which only the tracer can.
    brief: whether it is measured also in a setup that has a persistent server beside it.
    neutral: whether no adapter has an edit of its project for it, in a scenario in which they have for the others.
    own: whether it is asked only of a user's own pipeline, which then takes the place of ``reference``. turns: of what
    kind the parts of that pipeline are that it takes in turn, one in each block; an interim check counts them.
    what_own: said in place of ``what`` if it ran a user's own pipeline.
    """

    pipeline: str
    what: str
    parameters: dict[str, Value] = {}
    family: str = ""
    aa_check: bool = False
    held: bool = False
    brief: bool = False
    neutral: bool = False
    own: bool = False
    turns: Turns | None = None
    what_own: str = ""


class LineSpec(Table, frozen=True, kw_only=True):
    """A straight line through an indicator, over a number that the cases differ in.

    title: what one more of it is. at_zero: what the line says where there is none of it. over: what the number
    counts; unit: of the indicator. cases: the number of each case.
    """

    title: str
    at_zero: str
    over: str
    unit: Literal["s", "MB", "count"]
    indicator: str
    direction: Literal["lower", "higher"]
    meaning: str
    cases: dict[str, float]


class Repetition(Table, frozen=True, kw_only=True):
    """How often a case is repeated in a profile.

    looks: counts of blocks at which the scenario may stop; half_width: the relative half-width of the
    primary indicator that every target must be under to stop before the last look; minutes: of measuring,
    all targets together, after which it stops at the look that comes next, however wide they are.
    """

    interim_checks: tuple[int, ...]
    size: str = "small"
    half_width: float | None = None
    minutes: float | None = None


class Manifest(Table, frozen=True, kw_only=True):
    """``scenario.toml``.

    timed: its trials run alone, and are compared by time. persistent: where a tool has a standing setup, only
    the brief cases are measured in its default one. families: weight of each; one that has some is shown as
    a matrix. rows: whether it has a row for each case, or also one for each of the words that a case has
    beside its own. parts: names of these that a criterion may ask for. names_mechanism: whether the way in
    which a tool reuses results is named over its column. edits: folder of each adapter that has a named edit
    for every case (see :mod:`bench.contract.native_edit`). writes_environment: whether its trials may change the
    environment of a tool, which is looked at after each block then.
    """

    name: str
    question: str
    criterion: str
    timed: bool
    persistent: bool = False
    writes_environment: bool = False
    cases: dict[str, Case]
    profiles: dict[str, dict[str, Repetition]]
    indicators: tuple[Indicator, ...] = ()
    fits: dict[str, LineSpec] = {}
    families: dict[str, float] = {}
    rows: Literal["cases", "words"] = "cases"
    parts: tuple[str, ...] = ()
    names_mechanism: bool = False
    edits: str | None = None

    def varies(self, indicator: Indicator) -> bool:
        """Whether samples of an indicator vary: seconds do also where tools are not compared by time."""
        return self.timed or indicator.unit == "s"


def read_manifest(folder: Path) -> Manifest:
    """Read and check ``scenario.toml``. Raises ScenarioError naming the scenario and the key."""
    path = folder / "scenario.toml"
    manifest = read_toml(path, Manifest, ScenarioError, f"scenario '{folder.name}': ")
    if manifest.name != folder.name:
        raise ScenarioError(f"scenario '{folder.name}': {path} says name = '{manifest.name}'")
    for profile, cases in manifest.profiles.items():
        for case in cases:
            if case not in manifest.cases:
                raise ScenarioError(
                    f"scenario '{folder.name}': profile '{profile}' names the case '{case}'"
                    f"{nearest(case, manifest.cases)}"
                )
    for name, line in manifest.fits.items():
        _check_line(f"scenario '{folder.name}': fit '{name}'", line, manifest)
    return manifest


def _check_line(where: str, line: LineSpec, manifest: Manifest) -> None:
    indicators = {indicator.id: indicator for indicator in manifest.indicators}
    if line.indicator not in indicators:
        raise ScenarioError(
            f"{where} names the indicator '{line.indicator}'{nearest(line.indicator, indicators)}"
        )
    if line.unit != indicators[line.indicator].unit:
        raise ScenarioError(
            f"{where} says unit = '{line.unit}', but {line.indicator} is in {indicators[line.indicator].unit}"
        )
    for case in line.cases:
        if case not in manifest.cases:
            raise ScenarioError(f"{where} names the case '{case}'{nearest(case, manifest.cases)}")
    if len(set(line.cases.values())) < LEAST_COUNTS:
        raise ScenarioError(f"{where} needs two cases with different numbers to draw a line")
