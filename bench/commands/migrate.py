"""``bench migrate``: converts a result set of an older bench to the current format."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["migrate"]


def migrate(
    folder: Annotated[Path, typer.Argument(metavar="SET")],
    output: Annotated[
        Path | None,
        typer.Option(
            help="New folder for the converted set; without it, the set is replaced and the old one kept beside it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Convert a result set of an older bench to the current format."""
    from bench.commands import _migration

    _migration.migrate(folder.resolve(), None if output is None else output.resolve())
