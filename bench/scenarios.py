"""The scenario contract: the question, its cases and profiles, its steps and its words.

A scenario is a folder: ``scenario.toml`` (what is asked, of which pipelines, how often),
``scenario.py`` (one class on :class:`Scenario`: the steps of a cell) and ``verdict.py`` (pure functions
over stored facts: ``WORDS``, ``judge`` and ``samples``). Both files use the standard library and
this package's public contract only.
"""

import importlib.util
import inspect
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from bench import published
from bench.errors import ScenarioError, nearest
from bench.hashing import folder_digest
from bench.pipeline import Pipeline, Value
from bench.published import Figure
from bench.records import Attempt
from bench.verdicts import Sample, Verdict, Word

if TYPE_CHECKING:
    from bench.cell import Driver

__all__ = [
    "Case",
    "Driver",
    "Indicator",
    "Judging",
    "Line",
    "Loaded",
    "Manifest",
    "Repetition",
    "Scenario",
    "discover",
    "load",
    "manifests",
    "words",
]


LEAST_COUNTS = 2
"""A line needs as many different numbers."""


def __getattr__(name: str) -> Any:
    """Give ``Driver`` to the steps of a scenario: it imports all that acts, and a report needs none of it."""
    if name == "Driver":
        from bench.cell import Driver

        return Driver
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the tables of a manifest: an unknown key is refused."""


class Indicator(_Table, frozen=True, kw_only=True):
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


class Case(_Table, frozen=True, kw_only=True):
    """One named situation.

    parameters: values of the pipeline's parameters in all its runs, where not the defaults. twin: whether
    the planted twin is measured beside it. held: whether a body is held in it, which only the tracer can.
    brief: whether it is measured also in a setup that has a standing one beside it.
    neutral: whether no adapter has an edit of its project for it, in a scenario in which they have for the others.
    """

    pipeline: str
    what: str
    parameters: dict[str, Value] = {}
    family: str = ""
    twin: bool = False
    held: bool = False
    brief: bool = False
    neutral: bool = False


class Line(_Table, frozen=True, kw_only=True):
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


class Repetition(_Table, frozen=True, kw_only=True):
    """How often a case is repeated in a profile.

    looks: counts of blocks at which the scenario may stop; half_width: the relative half-width of the
    primary indicator that every target must be under to stop before the last look; minutes: of measuring,
    all targets together, after which it stops at the look that comes next, however wide they are.
    """

    looks: tuple[int, ...]
    size: str = "small"
    half_width: float | None = None
    minutes: float | None = None


class Manifest(_Table, frozen=True, kw_only=True):
    """``scenario.toml``.

    timed: its cells run alone, and are compared by time. standing: where a tool has a standing setup, only
    the brief cases are measured in its default one. families: weight of each; one that has some is shown as
    a matrix. rows: whether it has a row for each case, or also one for each of the words that a case has
    beside its own. parts: names of these that a criterion may ask for. names_mechanism: whether the way in
    which a tool reuses results is named over its column. edits: folder of each adapter that has a named edit
    for every case (see :mod:`bench.changes`).
    """

    name: str
    question: str
    criterion: str
    timed: bool
    standing: bool = False
    cases: dict[str, Case]
    profiles: dict[str, dict[str, Repetition]]
    indicators: tuple[Indicator, ...] = ()
    fits: dict[str, Line] = {}
    families: dict[str, float] = {}
    rows: Literal["cases", "words"] = "cases"
    parts: tuple[str, ...] = ()
    names_mechanism: bool = False
    edits: str | None = None


class Scenario(ABC):
    """The steps of a cell. One instance serves all cells of the scenario."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @abstractmethod
    def steps(self, driver: "Driver", profile: str) -> None:
        """Say what is done in a cell, by the driver's verbs."""


@dataclass(frozen=True)
class Judging:
    """A scenario's pure functions.

    judge(attempt, the control's attempt or None, pipeline) gives the verdict; samples(attempt,
    pipeline) the numbers of an attempt that was measured.
    """

    words: tuple[Word, ...]
    judge: Callable[[Attempt, Attempt | None, Pipeline], Verdict]
    samples: Callable[[Attempt, Pipeline], Iterable[Sample]]

    def place(self, word: str) -> tuple[float, float]:
        """Return what orders words from the worst: their value, and of equal ones the last named is worse.

        A word that is none of the scenario's (nothing was judged) is below all.
        """
        places = ((one.value, float(-at)) for at, one in enumerate(self.words) if one.name == word)
        return next(places, (-1.0, 0.0))


@dataclass(frozen=True)
class Loaded:
    """A scenario, without its steps until they are asked for: what was measured is judged without them.

    published: figures of others, of its workloads.
    """

    folder: Path
    manifest: Manifest
    judging: Judging
    published: tuple[Figure, ...] = ()

    @cached_property
    def scenario(self) -> Scenario:
        """Load its steps, and check them against the contract. Raises ScenarioError."""
        module = _module(self.folder, "scenario")
        classes = [
            found
            for found in vars(module).values()
            if inspect.isclass(found)
            and issubclass(found, Scenario)
            and found.__module__ == module.__name__
        ]
        where = f"scenario '{self.folder.name}'"
        if len(classes) != 1:
            raise ScenarioError(
                f"{where}: scenario.py must define one class on Scenario, found {len(classes)}"
            )
        missing = sorted(getattr(classes[0], "__abstractmethods__", ()))
        if missing:
            raise ScenarioError(
                f"{where}: class {classes[0].__name__} lacks the method {', '.join(missing)}()"
            )
        steps: Scenario = classes[0](self.folder, self.manifest)
        return steps

    @cached_property
    def digest(self) -> str:
        """Return the hash of what changes its facts.

        Judging is left out: a corrected rule must not make stored facts look outdated.
        """
        return folder_digest(
            self.folder, skip=("verdict.py", "scenario.toml", "published.toml", "README.md")
        )


def scenarios_folder() -> Path:
    """Return the folder of the scenarios that come with bench, in a checkout or in a wheel."""
    inside = Path(__file__).parent / "_data" / "scenarios"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "scenarios"


def discover() -> dict[str, Path]:
    """Return the folder of each scenario by name."""
    return {
        path.name: path
        for path in sorted(scenarios_folder().iterdir())
        if path.is_dir() and path.name[0] not in "._"
    }


def manifests() -> dict[str, "Manifest"]:
    """Return the manifest of each scenario by name. Raises ScenarioError."""
    return {name: read_manifest(folder) for name, folder in discover().items()}


def find(name: str) -> Path:
    """Return a scenario's folder. Raises ScenarioError with the nearest name."""
    known = discover()
    if name not in known:
        raise ScenarioError(f"unknown scenario '{name}'{nearest(name, known)}")
    return known[name]


def read_manifest(folder: Path) -> Manifest:
    """Read and check ``scenario.toml``. Raises ScenarioError naming the scenario and the key."""
    path = folder / "scenario.toml"
    try:
        manifest = _decoded(path.read_bytes())
    except OSError as error:
        raise ScenarioError(
            f"scenario '{folder.name}': {path} cannot be read ({error.strerror})"
        ) from error
    except msgspec.MsgspecError as error:
        raise ScenarioError(f"scenario '{folder.name}': {path}: {error}") from error
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


@cache
def _decoded(text: bytes) -> Manifest:
    """Return the manifest that a text is; the same are asked for by all that reads criteria."""
    return msgspec.toml.decode(text, type=Manifest)


def _check_line(where: str, line: Line, manifest: Manifest) -> None:
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


def words(name: str) -> frozenset[str]:
    """Return the words of a scenario. Raises ScenarioError."""
    return frozenset(word.name for word in _judging(find(name)).words)


def load(folder: Path) -> Loaded:
    """Load one scenario and check it against the contract, but for its steps. Raises ScenarioError."""
    manifest = read_manifest(folder)
    figures = published.read(folder / "published.toml", {*manifest.cases, *manifest.fits})
    return Loaded(folder, manifest, _judging(folder), figures)


@cache
def _judging(folder: Path) -> Judging:
    """Load how a scenario judges; a criteria set asks for its words again and again."""
    verdict = _module(folder, "verdict")
    for name in ("WORDS", "judge", "samples"):
        if not hasattr(verdict, name):
            raise ScenarioError(f"scenario '{folder.name}': verdict.py lacks {name}")
    return Judging(tuple(verdict.WORDS), verdict.judge, verdict.samples)


def _module(folder: Path, name: str) -> ModuleType:
    path = folder / f"{name}.py"
    # In a package of its own, so that both files can import a neighbour (``from .cases import CASES``).
    package = ModuleType(f"_bench_scenario_{folder.name}")
    package.__path__ = [str(folder)]
    sys.modules.setdefault(package.__name__, package)
    spec = importlib.util.spec_from_file_location(f"{package.__name__}.{name}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ScenarioError(f"scenario '{folder.name}': {folder} has no {name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ScenarioError(
            f"scenario '{folder.name}': {path} cannot be loaded: {type(error).__name__}: {error}"
        ) from error
    return module
