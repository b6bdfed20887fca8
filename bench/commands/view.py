"""``bench view``: shows page and logs of a result set in a browser on this machine."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["view"]


def view(
    folder: Annotated[Path, typer.Argument(metavar="SET")],
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any free port.", min=0)] = 0,
) -> None:
    """Serve page, tables and logs of a result set to a browser on this machine. Ctrl-C ends it."""
    from bench.commands._page_server import serve
    from bench.store.result_set import Store

    serve(Store(folder.resolve()), port)
