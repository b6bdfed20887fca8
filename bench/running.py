"""What ``bench run`` does, as named steps: choose, prepare, check, plan, measure, report."""

import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import (
    __version__,
    adapters,
    catalogue,
    changes,
    checklist,
    machine,
    matrix,
    profiles,
    sandbox,
    scenarios,
    targets,
)
from bench import export as exporting
from bench.cache import cache_folder
from bench.environments import Environment, Request, ensure, ensure_all
from bench.errors import BenchError, EnvironmentFault, PipelineError, StoreError, UsageError, nearest
from bench.manifest import Manifest
from bench.plan import Series, measuring_digest, plan
from bench.progress import Reporter
from bench.records import FORMAT, Fault, ResultSet
from bench.redaction import Redaction
from bench.store import Store
from bench.targets import Choice

__all__ = ["Chosen", "Wish", "choose", "drawn_up", "export", "measure", "render", "wish_of"]


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line, checked but not yet prepared."""

    tool: str
    scenario: tuple[str, ...]
    profile: str | None
    adapter: tuple[str, ...]
    pipeline: str | None
    seed: int
    jobs: int
    case: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what a resumed run needs to ask for the same."""
        return {
            "tool": self.tool,
            "scenario": list(self.scenario),
            "profile": self.profile,
            "adapter": list(self.adapter),
            "pipeline": self.pipeline,
            "seed": self.seed,
            "jobs": self.jobs,
            "case": list(self.case),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Wish":
        """Rebuild what :meth:`as_json` gave, with the home folder put back into paths."""
        pipeline = data["pipeline"]
        return cls(
            **{
                **data,
                "scenario": tuple(data["scenario"]),
                "case": tuple(data.get("case", ())),
                "adapter": tuple(_at_home(path) for path in data["adapter"]),
                "pipeline": None if pipeline is None else _at_home(pipeline),
            }
        )


def _at_home(path: str) -> str:
    return path.replace("<home>", str(Path.home()))


@dataclass(frozen=True)
class Chosen:
    """All that a wish names, found and loaded; nothing is run or made yet.

    profile: as it was asked for. profiles: the same, by scenario. facts: by tool, its answers to the checklist.
    """

    choices: tuple[Choice, ...]
    scenarios: Mapping[str, scenarios.Loaded]
    profile: str
    profiles: Mapping[str, str]
    facts: Mapping[str, Mapping[str, checklist.Answer]]
    cases: tuple[str, ...] = ()

    @property
    def cases_of(self) -> dict[str, list[str]]:
        """Return the cases of each scenario that are to be measured."""
        return {
            name: [
                case
                for case in loaded.manifest.profiles.get(self.profiles[name], {})
                if not self.cases or case in self.cases
            ]
            for name, loaded in self.scenarios.items()
        }

    @property
    def pipelines(self) -> list[str]:
        """Return the names of the pipelines that these cases run."""
        return sorted(
            {
                self.scenarios[name].manifest.cases[case].pipeline
                for name, cases in self.cases_of.items()
                for case in cases
            }
        )

    @property
    def edits(self) -> dict[tuple[str, str, str], str]:
        """Return the digest of each named edit of a project, by tool, scenario and case."""
        return {
            (choice.adapter.manifest.name, name, case): changes.digest(choice.adapter.folder, case, folder)
            for name, loaded in self.scenarios.items()
            if (folder := loaded.manifest.edits) is not None
            for case, one in loaded.manifest.cases.items()
            if not one.neutral
            for choice in self.choices
            if choice.adapter.manifest.role != "twin"
        }

    @property
    def shares(self) -> dict[str, str]:
        """Return which cells each target gets, by its name."""
        return {choice.name: choice.share for choice in self.choices}


def choose(wish: Wish) -> Chosen:
    """Find and load what a wish names. Raises BenchError for the first thing that does not exist.

    Without scenarios it is the taste, of all scenarios that have one; with scenarios, ``quick``.
    """
    profile = wish.profile or ("quick" if wish.scenario else "taste")
    names = wish.scenario or tuple(scenarios.discover())
    loaded = {name: scenarios.load(scenarios.find(name)) for name in names}
    for one in loaded.values():
        _ = one.scenario  # steps that break the contract are refused before anything is run
    by_scenario = profiles.by_scenario(profile, loaded)
    folders = adapters.discover(tuple(Path(path) for path in wish.adapter))
    choices = targets.choose(wish.tool, folders)
    known = {choice.name for choice in choices}
    for role in ("control", "twin"):
        choices += [one for one in targets.standing(role, folders) if one.name not in known]
    facts = {one.adapter.manifest.name: checklist.answers(one.adapter.folder) for one in choices}
    chosen = Chosen(tuple(choices), loaded, profile, by_scenario, facts, wish.case)
    _check_cases(chosen)
    return chosen


def _check_cases(chosen: Chosen) -> None:
    planned = {case for cases in chosen.cases_of.values() for case in cases}
    known = {case for one in chosen.scenarios.values() for case in one.manifest.cases}
    for case in chosen.cases:
        if case not in known:
            raise UsageError(f"no scenario asked for has the case '{case}'{nearest(case, known)}")
        if case not in planned:
            raise UsageError(
                f"the case '{case}' is not in the profile '{chosen.profile}'; give another --profile"
            )


def drawn_up(chosen: Chosen, wish: Wish) -> list[Series]:
    """Return the plan as it would be, without making environments or running anything."""
    standin = [targets.target(choice, None) for choice in chosen.choices]
    digests = dict.fromkeys(chosen.pipelines, "")
    return plan(
        standin,
        chosen.scenarios,
        chosen.profiles,
        digests,
        machine="",
        seed=wish.seed,
        shares=chosen.shares,
        only=chosen.cases,
        edits=chosen.edits,
    )


def measure(wish: Wish, chosen: Chosen, output: Path, argv: Sequence[str], *, resume: bool) -> Store:
    """Prepare, measure and store; returns the store. Raises BenchError; KeyboardInterrupt ends it."""
    store = Store(output)
    _must_write(output)
    # Before the check, so that of two that start at once only one goes on.
    store.lock()
    if store.exists() and not resume:
        raise StoreError(
            f"{output} already holds a result set; go on with --resume, or give another --output"
        )
    cache = cache_folder()
    sandbox.sweep(cache / "sandboxes")
    definitions = _definitions(chosen, wish, _control(chosen).python)
    _check_rendering(definitions, chosen)
    environments, faults = _environments(chosen)
    found = [
        targets.target(choice, environments.get(choice.adapter.manifest.name)) for choice in chosen.choices
    ]
    here = machine.inspect(cache)
    digests = {name: definition.digest for name, definition in definitions.items()}
    redaction = Redaction({})
    series = plan(
        found,
        chosen.scenarios,
        chosen.profiles,
        digests,
        here.identity,
        wish.seed,
        chosen.shares,
        chosen.cases,
        chosen.edits,
    )
    store.create(
        ResultSet(
            format=FORMAT,
            harness=__version__,
            harness_hash=measuring_digest(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            argv=redaction.value(tuple(argv)),
            profile=chosen.profile,
            scenarios=tuple(chosen.scenarios),
            targets=tuple(found),
            machine=here.as_json(),
            adapters={
                choice.adapter.manifest.name: _builtins(choice.adapter.manifest, chosen.facts)
                for choice in chosen.choices
            },
            pipelines={name: one.pipeline.as_json() for name, one in definitions.items()},
            environments={
                tool: {
                    "packages": one.packages,
                    "seconds": one.seconds,
                    "bytes": one.size,
                    "python": one.interpreter,
                    "made": one.made,
                    "released": one.released,
                    "newest": one.newest,
                    "newest_released": one.newest_released,
                }
                for tool, one in environments.items()
            },
            cells=tuple(cell.key for one in series for cell in one.cells),
            request=redaction.value(wish.as_json()),
            seed=wish.seed,
            questions=checklist.builtins(checklist.questions()),
        )
    )
    suite = matrix.Suite(
        store=store,
        profiles=chosen.profiles,
        cache=cache,
        adapters={choice.adapter.manifest.name: choice.adapter for choice in chosen.choices},
        environments=environments,
        faults=faults,
        scenarios=chosen.scenarios,
        definitions=definitions,
        jobs=wish.jobs,
    )
    with Reporter(sum(len(one.cells) for one in series)) as reporter:
        matrix.run(suite, series, reporter)
    return store


def _must_write(output: Path) -> None:
    """Fail before anything is run if the place for the results cannot be written."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output):
            pass
    except OSError as error:
        raise StoreError(
            f"cannot write to {output}: {error.strerror}; give another place with --output"
        ) from error


def _control(chosen: Chosen) -> Environment:
    """Make the control's environment: pipelines are read by it. Raises EnvironmentFault."""
    adapter = next(one.adapter for one in chosen.choices if one.adapter.manifest.role == "control")
    reporter = Reporter(1)
    return ensure(
        adapter.folder,
        adapter.manifest,
        on_event=lambda event: reporter.say(event.text) if event.kind in ("making", "made") else None,
    )


def _environments(chosen: Chosen) -> tuple[dict[str, Environment], dict[str, Fault]]:
    """Make all environments side by side; one that fails makes its cells *error*, the others go on."""
    wanted = {choice.adapter.manifest.name: choice.adapter for choice in chosen.choices}
    reporter = Reporter(len(wanted))
    began = time.monotonic()
    results = ensure_all(
        [Request(adapter.folder, adapter.manifest) for adapter in wanted.values()],
        lambda event: reporter.say(event.text) if event.kind in ("making", "made") else None,
    )
    made = {tool: one for tool, one in results.items() if isinstance(one, Environment)}
    failed = {tool: one for tool, one in results.items() if isinstance(one, EnvironmentFault)}
    if time.monotonic() - began > 1:
        reporter.say(f"environments ready after {time.monotonic() - began:.0f} s")
    for tool, error in failed.items():
        reporter.say(f"error: {tool}: {error}; its cells will be errors, the others go on")
    return made, {tool: Fault(where="environment", reason=str(error)) for tool, error in failed.items()}


def _definitions(chosen: Chosen, wish: Wish, python: Path) -> dict[str, catalogue.Definition]:
    """Extract the pipelines; a user's own file takes the place of ``reference``."""
    return {
        name: catalogue.load(wish.pipeline if wish.pipeline and name == "reference" else name, python)
        for name in chosen.pipelines
    }


def _check_rendering(definitions: Mapping[str, catalogue.Definition], chosen: Chosen) -> None:
    """Render every pipeline by every adapter once, so that what one cannot take is said before any run."""
    twins = {
        chosen.scenarios[name].manifest.cases[case].pipeline
        for name, cases in chosen.cases_of.items()
        for case in cases
        if chosen.scenarios[name].manifest.cases[case].twin
    }
    folder = Path(tempfile.mkdtemp(prefix="bench-render-"))
    try:
        for choice in chosen.choices:
            manifest = choice.adapter.manifest
            for name, definition in definitions.items():
                if manifest.role == "twin" and name not in twins:
                    continue
                project = folder / choice.name / name
                project.mkdir(parents=True, exist_ok=True)
                _render(choice.adapter, definition, project, frozenset(choice.options))
            if manifest.role != "twin":
                _check_edits(choice, chosen, folder / choice.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_edits(choice: targets.Choice, chosen: Chosen, rendered: Path) -> None:
    """Check that each edit that an adapter has for these cases fits its project. Raises AdapterError."""
    for name, cases in chosen.cases_of.items():
        manifest = chosen.scenarios[name].manifest
        if manifest.edits is None:
            continue
        for case in cases:
            given = changes.given(choice.adapter.folder, case, manifest.edits)
            if given and not manifest.cases[case].neutral:
                project = rendered / manifest.cases[case].pipeline
                changes.fitting(choice.adapter.folder, case, project, manifest.edits)


def _render(
    adapter: adapters.Adapter, definition: catalogue.Definition, project: Path, options: frozenset[str]
) -> None:
    tool = adapter.manifest.name
    try:
        adapter.render(definition.pipeline, project, options)
    except PipelineError as error:
        raise PipelineError(
            f"{tool} cannot take pipeline '{definition.pipeline.name}' ({definition.file}): {error}"
        ) from error
    except BenchError:
        raise
    except Exception as error:
        raise UsageError(
            f"adapter '{tool}' failed to render '{definition.pipeline.name}': {type(error).__name__}: {error}"
        ) from error


def _builtins(manifest: Manifest, facts: Mapping[str, Mapping[str, checklist.Answer]]) -> Any:
    import msgspec

    return {**msgspec.to_builtins(manifest), "facts": checklist.builtins(facts[manifest.name])}


def wish_of(output: Path) -> Wish:
    """Return the wish of an unfinished result set. Raises StoreError where there is none."""
    return Wish.from_json(Store(output).read_manifest().request)


def render(tool: str, folder: Path, pipeline: str, extra: tuple[str, ...]) -> None:
    """Write a tool's native project. Raises UsageError where the folder is not empty."""
    exporting.must_be_empty(folder)
    choice, definition = _read(tool, pipeline, extra)
    folder.mkdir(parents=True, exist_ok=True)
    _render(choice.adapter, definition, folder, frozenset(choice.options))


def export(tool: str, folder: Path, pipeline: str, extra: tuple[str, ...]) -> None:
    """Write a tool's launchpad. Raises UsageError where the folder is not empty."""
    exporting.must_be_empty(folder)
    choice, definition = _read(tool, pipeline, extra)
    try:
        exporting.write(choice.adapter, definition, folder.resolve(), cache_folder())
    except PipelineError as error:
        raise PipelineError(
            f"no launchpad of '{definition.pipeline.name}' ({definition.file}) for {tool}: {error}"
        ) from error


def _read(tool: str, pipeline: str, extra: tuple[str, ...]) -> tuple[Choice, catalogue.Definition]:
    """Find one tool, and read a pipeline by the control's environment, which is made where it is missing."""
    folders = adapters.discover(tuple(Path(path) for path in extra))
    choices = targets.choose(tool, folders)
    if len({choice.adapter.manifest.name for choice in choices}) != 1:
        raise UsageError(f"'{tool}' names several tools; give one")
    catalogue.find(pipeline)
    control = adapters.load(adapters.find("control", folders))
    environment = ensure(control.folder, control.manifest)
    return choices[0], catalogue.load(pipeline, environment.python)
