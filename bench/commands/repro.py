"""``bench repro``: writes a script that reproduces the finding of a trial."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["repro"]


def repro(
    trial: Annotated[
        str, typer.Argument(help="Key of a trial, or tool/scenario/case, as shown on the scorecard.")
    ],
    folder: Annotated[
        Path | None, typer.Option("--set", help="Result set; without it, the newest.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="File for the script; without it, print the script.", show_default=False),
    ] = None,
    documented: Annotated[
        str | None,
        typer.Option(
            help="Address where the tool itself documents this; added to the script.", show_default=False
        ),
    ] = None,
) -> None:
    """Write a script of the tool's own commands that reproduces the finding of a trial."""
    from bench.commands._repro_script import script
    from bench.commands._result_folders import resumed_output
    from bench.store.result_set import Store

    text = script(Store(resumed_output(folder)), trial, documented)
    if output is None:
        print(text, end="")
        return
    output.write_text(text)
    output.chmod(0o755)
    print(output.resolve())
