"""What is made and checked before the first trial: environments and pipelines, and that tools accept them."""

import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from bench.contract import native_edit
from bench.contract.adapter import Adapter
from bench.contract.driver import Definition
from bench.contract.records import Fault
from bench.contract.scenario_manifest import OWN
from bench.environments import pipeline_catalog, requirements
from bench.environments.environment import Environment, Request, ensure, ensure_all
from bench.environments.pipeline_extraction import TIME_LIMIT
from bench.environments.requirements import Locks
from bench.errors import (
    BenchError,
    EnvironmentFault,
    PipelineError,
    PipelineFails,
    UnsupportedError,
    UsageError,
)
from bench.execution import project_edits
from bench.planning import targets
from bench.planning.progress import Reporter
from bench.planning.request import RunRequest
from bench.planning.selection import Selection

__all__ = ["check_rendering", "control", "definitions", "environments", "locks", "outcome", "own", "render"]


def locks(chosen: Selection, request: RunRequest) -> Locks:
    """Return the locks of all tools with what the user's own pipeline requires.

    Raises PipelineError if that cannot be met at all, and EnvironmentFault if the index cannot be reached.
    """
    if request.pipeline is None:
        return Locks()
    asked = requirements.asked(pipeline_catalog.find(request.pipeline))
    adapters = {choice.adapter.manifest.name: choice.adapter for choice in chosen.choices}
    return requirements.locks(asked, list(adapters.values()), Reporter(1).say)


def control(
    adapters: Iterable[Adapter], locked: Locks, say: Callable[[str], None] | None = None
) -> Environment:
    """Make the environment of the control among these, which reads the pipelines. Raises EnvironmentFault."""
    adapter = next(one for one in adapters if one.manifest.role == "control")
    tell = say or Reporter(1).say
    return ensure(
        adapter.folder,
        adapter.manifest,
        on_event=lambda event: tell(event.text) if event.kind in ("making", "made") else None,
        lock_file=locked.lock_of(adapter),
    )


def environments(chosen: Selection, locked: Locks) -> tuple[dict[str, Environment], dict[str, Fault]]:
    """Make all environments in parallel. If one fails, its trials are *error* and the others continue.

    None is made for a tool beside which the user's requirements cannot be installed.
    """
    wanted = {choice.adapter.manifest.name: choice.adapter for choice in chosen.choices}
    for tool, reason in locked.refused.items():
        Reporter(1).say(f"unsupported: {tool}: {reason}; the other tools run")
        del wanted[tool]
    reporter = Reporter(len(wanted))
    began = time.monotonic()
    results = ensure_all(
        [
            Request(adapter.folder, adapter.manifest, lock_file=locked.lock_of(adapter))
            for adapter in wanted.values()
        ],
        lambda event: reporter.say(event.text) if event.kind in ("making", "made") else None,
    )
    made = {tool: one for tool, one in results.items() if isinstance(one, Environment)}
    failed = {tool: one for tool, one in results.items() if isinstance(one, EnvironmentFault)}
    if time.monotonic() - began > 1:
        reporter.say(f"environments ready after {time.monotonic() - began:.0f} s")
    for tool, error in failed.items():
        reporter.say(f"error: {tool}: {error}; its trials will be errors, the others continue")
    return made, {tool: Fault(where="environment", reason=str(error)) for tool, error in failed.items()}


def definitions(chosen: Selection, request: RunRequest, python: Path) -> dict[str, Definition]:
    """Extract the pipelines; a user's own file takes the place of ``reference``."""
    return {
        name: own(request.pipeline, python, request.time_limit)
        if request.pipeline and name == OWN
        else pipeline_catalog.load(name, python)
        for name in chosen.pipelines
    }


def own(pipeline: str, python: Path, time_limit: float | None) -> Definition:
    """Extract the user's own pipeline. time_limit: in seconds, for building the graph; None for the default.

    Raises PipelineFails if the user's code raises, and PipelineError if the graph is not of the supported form.
    """
    try:
        return pipeline_catalog.load(pipeline, python, time_limit or TIME_LIMIT)
    except PipelineFails as error:
        raise PipelineFails(f"your pipeline fails in plain Python: {error}", error.details) from error


def check_rendering(definitions: Mapping[str, Definition], chosen: Selection) -> None:
    """Render every pipeline with every adapter once, so that what a tool cannot take is said before any run.

    The trials of that tool then say so, and the others run. Raises BenchError if the control cannot render a
    pipeline, because then no tool can be compared, and for a fault of an adapter.
    """
    reporter = Reporter(1)
    told: set[tuple[str, str]] = set()
    aa_checks = {
        chosen.scenarios[name].manifest.cases[case].pipeline
        for name, cases in chosen.cases_of.items()
        for case in cases
        if chosen.scenarios[name].manifest.cases[case].aa_check
    }
    folder = Path(tempfile.mkdtemp(prefix="bench-render-"))
    try:
        for choice in chosen.choices:
            manifest = choice.adapter.manifest
            refused: set[str] = set()
            for name, definition in definitions.items():
                if manifest.role == "aa check" and name not in aa_checks:
                    continue
                project = folder / choice.name / name
                project.mkdir(parents=True, exist_ok=True)
                try:
                    render(choice.adapter, definition, project, frozenset(choice.options))
                except PipelineError as error:
                    if manifest.role != "tool":
                        raise
                    refused.add(name)
                    if (manifest.name, name) not in told:
                        reporter.say(f"{outcome(error)}: {error}; the other tools run it")
                    told.add((manifest.name, name))
            if manifest.role != "aa check":
                _check_edits(choice, chosen, folder / choice.name, refused)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def outcome(error: PipelineError) -> str:
    """Return the outcome of a tool that does not take a pipeline: whether the tool or its adapter lacks it."""
    return "unsupported" if isinstance(error, UnsupportedError) else "not attempted"


def _check_edits(
    choice: targets.TargetSpec, chosen: Selection, rendered: Path, refused: Collection[str]
) -> None:
    """Check that the adapters' edits for these cases fit their projects. Raises AdapterError.

    refused: pipelines of which there is no project.
    """
    for name, cases in chosen.cases_of.items():
        manifest = chosen.scenarios[name].manifest
        if manifest.edits is None:
            continue
        for case in cases:
            if manifest.cases[case].pipeline in refused:
                continue
            given = native_edit.given(choice.adapter.folder, case, manifest.edits)
            if given and not manifest.cases[case].neutral:
                project = rendered / manifest.cases[case].pipeline
                project_edits.fitting(choice.adapter.folder, case, project, manifest.edits)


def render(
    adapter: Adapter,
    definition: Definition,
    project: Path,
    options: frozenset[str],
) -> None:
    """Render a pipeline with an adapter. Raises BenchError that names both."""
    tool = adapter.manifest.name
    try:
        adapter.render(definition.pipeline, project, options)
    except PipelineError as error:
        said = f"{tool} cannot take pipeline '{definition.pipeline.name}' ({definition.file}): {error}"
        if isinstance(error, UnsupportedError):
            raise UnsupportedError(said, error.source) from error
        raise PipelineError(said) from error
    except BenchError:
        raise
    except Exception as error:
        raise UsageError(
            f"adapter '{tool}' failed to render '{definition.pipeline.name}': {type(error).__name__}: {error}"
        ) from error
