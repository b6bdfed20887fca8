"""``bench repro``: a script that shows again what a trial showed."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["repro"]


def repro(
    trial: Annotated[
        str, typer.Argument(help="Key of a trial, or tool/scenario/case, as the scorecard has it.")
    ],
    folder: Annotated[
        Path | None, typer.Option("--set", help="Result set; without it, the newest.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Where to write it; without it, it is printed.", show_default=False)
    ] = None,
    documented: Annotated[
        str | None,
        typer.Option(help="Where the tool itself says the same; goes into the script.", show_default=False),
    ] = None,
) -> None:
    """Write a script of the tool's own commands that shows again what a trial showed."""
    from bench.commands._repro_script import script
    from bench.commands.output_dirs import resumed_output
    from bench.store.result_set import Store

    text = script(Store(resumed_output(folder)), trial, documented)
    if output is None:
        print(text, end="")
        return
    output.write_text(text)
    output.chmod(0o755)
    print(output.resolve())
