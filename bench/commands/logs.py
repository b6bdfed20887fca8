"""``bench logs``: prints what the commands of a trial wrote."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["logs"]


def logs(
    trial: Annotated[
        str, typer.Argument(help="Key of a trial, KEY-N of one attempt, or tool/scenario/case.")
    ],
    folder: Annotated[
        Path | None, typer.Option("--set", help="Result set; without it, the newest.", show_default=False)
    ] = None,
    stderr: Annotated[bool, typer.Option("--stderr", help="Print only standard error.")] = False,
    file: Annotated[
        str | None, typer.Option(help="Print this file of the evidence.", show_default=False)
    ] = None,
) -> None:
    """Print what the commands of a trial wrote."""
    from bench.commands._result_folders import resumed_output
    from bench.commands._trial_logs import show
    from bench.store.result_set import Store

    show(Store(resumed_output(folder)), trial, stderr=stderr, file=file)
