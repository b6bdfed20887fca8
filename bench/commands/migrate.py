"""``bench migrate``: a result set of an older bench, brought to the present format."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["migrate"]


def migrate(
    folder: Annotated[Path, typer.Argument(metavar="SET")],
    output: Annotated[
        Path | None,
        typer.Option(
            help="New folder for it; without it, it takes the old one's place, which is kept beside it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Bring a result set of an older bench to the present format."""
    from bench.commands import _migration

    _migration.migrate(folder.resolve(), None if output is None else output.resolve())
