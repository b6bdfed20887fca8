"""``bench export``: a project of one tool that is the user's to keep."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["export"]


def export(
    tool: str,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    pipeline: Annotated[
        str, typer.Option(help="Name or file of the pipeline; yours, or one that comes with bench.")
    ] = "reference",
    adapter: Annotated[
        list[str] | None, typer.Option(help="Folder of an adapter of your own; may be repeated.")
    ] = None,
) -> None:
    """Write a project of a tool that is yours to keep: code, tests, locks, image, local and remote runs."""
    from bench.commands import _native_project

    _native_project.export(tool, folder, pipeline, tuple(adapter or ()))
    print(f"{folder.resolve()}\nnext: cd {folder}, read README.md, and: ./run src/workflows.py full")
