"""``bench report``: makes the scorecard again, from the records alone."""

from pathlib import Path
from typing import Annotated

import typer

from bench.errors import UsageError

__all__ = ["report"]

NewFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Write the set to this new folder, as a few files for a repository.",
        show_default=False,
    ),
]


def report(
    folder: Path,
    costs: Annotated[
        Path | None,
        typer.Option(
            help="Folder of adapters in which to store the costs measured here.", show_default=False
        ),
    ] = None,
    criteria: Annotated[str, typer.Option(help="Name of a criteria set, or a .toml file.")] = "default",
    text: Annotated[bool, typer.Option("--text", help="Print all tables.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Do not draw pictures.")] = False,
    publish: NewFolder = None,
    bundle: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write the set to this new folder, with all logs as files, for a static host.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make the scorecard, tables and pictures of a result set again, from its records alone."""
    from bench import report as reporting
    from bench.commands._new_folder import must_be_empty
    from bench.store.result_set import Store

    if publish is not None and bundle is not None:
        raise UsageError("--publish and --bundle are two forms of a result set; give one of them")
    store = Store(folder.resolve())
    made = (publish or bundle or folder).resolve()
    if made == store.folder:
        summary = reporting.write(store, criteria)
    else:
        must_be_empty(made)
        form = reporting.bundle if publish is None else reporting.publish
        summary = form(store, made, criteria)
    print(summary.tables if text else summary.text, flush=True)
    if not no_figures and publish is None:
        reporting.draw(Store(made), summary.view)
    if costs is not None:
        from bench.planning.costs import learn

        learn(store, costs)
