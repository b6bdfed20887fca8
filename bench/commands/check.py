"""``bench check``: does a pipeline work, and which tools can take it; no tool is started."""

import sys
from typing import Annotated

import typer

__all__ = ["check"]

TimeLimit = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        metavar="SECONDS",
        help="Limit for building the graph (default 30) and for the run in plain Python (default 600).",
        show_default=False,
    ),
]


def check(
    pipeline: Annotated[
        str, typer.Argument(help="Your pipeline file, or the name of a pipeline that comes with bench.")
    ],
    tool: Annotated[str, typer.Option(help="Targets, separated by commas: all, flyte.")] = "all",
    time_limit: TimeLimit = None,
    adapter: Annotated[
        list[str] | None, typer.Option(help="Folder of your own adapter; may be repeated.")
    ] = None,
) -> None:
    """Read a pipeline, run it in plain Python, and say which tools can take it. No tool is started.

    Exit codes: 0, it works in plain Python; 1, it does not, or cannot be read; 2, there is no such file or tool.
    """
    from bench.commands import _check_pipeline

    lines = _check_pipeline.check(
        pipeline,
        tool,
        tuple(adapter or ()),
        time_limit,
        lambda text: print(text, file=sys.stderr, flush=True),
    )
    for line in lines:
        print(line, flush=True)
