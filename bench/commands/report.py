"""``bench report``: the scorecard again, from the records alone."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["report"]


def report(
    folder: Path,
    costs: Annotated[
        Path | None,
        typer.Option(help="Folder of adapters, to ship with them what they cost here.", show_default=False),
    ] = None,
    criteria: Annotated[str, typer.Option(help="Criteria set: its name, or a .toml file.")] = "default",
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no pictures.")] = False,
) -> None:
    """Make the scorecard, tables and pictures of a result set again, from its records alone."""
    from bench.report import draw, write
    from bench.store.result_set import Store

    store = Store(folder.resolve())
    summary = write(store, criteria)
    print(summary.text, flush=True)
    if not no_figures:
        draw(store, summary.view)
    if costs is not None:
        from bench.planning.costs import learn

        learn(store, costs)
