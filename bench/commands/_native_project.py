"""Writes the project of a tool for a user: as bench measures it, or as a launchpad to keep."""

from pathlib import Path

from bench.commands import _launchpad_writer
from bench.commands._new_folder import must_be_empty
from bench.contract import adapter_loading as adapters
from bench.contract.driver import Definition
from bench.errors import PipelineError, UsageError
from bench.folders import cache_folder
from bench.planning import checking, preparation, targets
from bench.planning.progress import Reporter
from bench.planning.targets import TargetSpec

__all__ = ["export", "render"]


def render(tool: str, folder: Path, pipeline: str, extra: tuple[str, ...]) -> None:
    """Write a tool's native project. Raises UsageError if the folder is not empty."""
    must_be_empty(folder)
    choice, definition = _read(tool, pipeline, extra)
    folder.mkdir(parents=True, exist_ok=True)
    preparation.render(choice.adapter, definition, folder, frozenset(choice.options))


def export(
    tool: str, folder: Path, pipeline: str, extra: tuple[str, ...], *, with_data: bool
) -> tuple[str, ...]:
    """Write a tool's launchpad; return the user's input files that it lacks. Raises UsageError if it is not empty.

    with_data: whether these are copied.
    """
    must_be_empty(folder)
    choice, definition = _read(tool, pipeline, extra)
    try:
        return _launchpad_writer.write(
            choice.adapter, definition, folder.resolve(), cache_folder(), with_data=with_data
        )
    except PipelineError as error:
        raise PipelineError(
            f"no launchpad of '{definition.pipeline.name}' ({definition.file}) for {tool}: {error}"
        ) from error


def _read(tool: str, pipeline: str, extra: tuple[str, ...]) -> tuple[TargetSpec, Definition]:
    """Find one tool, and read a pipeline with the control's environment, which is made if it is missing."""
    folders = adapters.discover(tuple(Path(path) for path in extra))
    choices = targets.choose(tool, folders)
    if len({choice.adapter.manifest.name for choice in choices}) != 1:
        raise UsageError(f"'{tool}' names several tools; give one")
    (control,) = targets.of_role("control", folders)
    both = {one.adapter.manifest.name: one.adapter for one in (control, choices[0])}
    definition, _ = checking.read(pipeline, list(both.values()), None, Reporter(1).say)
    return choices[0], definition
