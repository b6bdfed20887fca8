"""``bench export``: a project of one tool that is the user's to keep."""

from pathlib import Path

from bench.commands import _launchpad_writer, render
from bench.commands._new_folder import must_be_empty
from bench.errors import PipelineError
from bench.folders import cache_folder

__all__ = ["export"]


def export(tool: str, folder: Path, pipeline: str, extra: tuple[str, ...]) -> None:
    """Write a tool's launchpad. Raises UsageError where the folder is not empty."""
    must_be_empty(folder)
    choice, definition = render.read(tool, pipeline, extra)
    try:
        _launchpad_writer.write(choice.adapter, definition, folder.resolve(), cache_folder())
    except PipelineError as error:
        raise PipelineError(
            f"no launchpad of '{definition.pipeline.name}' ({definition.file}) for {tool}: {error}"
        ) from error
