"""``bench render``: writes the native project of a pipeline, for reading."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["render"]


def render(
    tool: str,
    folder: Path,
    pipeline: Annotated[str, typer.Option(help="Name or file of the pipeline.")] = "reference",
    adapter: Annotated[
        list[str] | None, typer.Option(help="Folder of your own adapter; may be repeated.")
    ] = None,
) -> None:
    """Write the native project of a pipeline for a tool, for reading."""
    from bench.commands import _native_project

    _native_project.render(tool, folder, pipeline, tuple(adapter or ()))
    print(folder.resolve())
