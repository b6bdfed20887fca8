"""``bench export``: writes a project of one tool for the user to keep."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["export"]


def export(
    tool: str,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    pipeline: Annotated[
        str, typer.Option(help="A pipeline file of yours, or the name of a pipeline that comes with bench.")
    ] = "reference",
    with_data: Annotated[
        bool,
        typer.Option(
            "--with-data", help="Copy the input files of your own pipeline into project and image."
        ),
    ] = False,
    adapter: Annotated[
        list[str] | None, typer.Option(help="Folder of your own adapter; may be repeated.")
    ] = None,
) -> None:
    """Write a project of a tool for you to keep: code, tests, locks, image, local and remote runs."""
    from bench.commands import _native_project

    left = _native_project.export(tool, folder, pipeline, tuple(adapter or ()), with_data=with_data)
    if left:
        print(
            f"your data was not copied; put these files into {folder / 'data/01_raw'}: {', '.join(left)}; "
            "or export again with --with-data"
        )
    print(f"{folder.resolve()}\nnext: cd {folder}, read README.md, and: ./run src/workflows.py full")
