"""``bench run``: measure, and write a scorecard."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.errors import UsageError

__all__ = ["run"]

INTERRUPTED = 130
TRIALS_IN_ERROR = 3


def run(
    tool: Annotated[
        str, typer.Option(help="Targets, separated by commas: all, flyte, 'prefect[local]'.")
    ] = "all",
    scenario: Annotated[
        str, typer.Option(help="Scenarios, separated by commas; without it, the smoke of all.")
    ] = "",
    case: Annotated[str, typer.Option(help="Only these cases of the scenarios, separated by commas.")] = "",
    profile: Annotated[
        str | None,
        typer.Option(
            help="smoke, quick, standard or thorough; or one for some: quick,startup=standard.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the results; without it, a new one in bench-results.", show_default=False
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the result set in --output, or with the newest.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Print trials, minutes and MB, and run nothing.")
    ] = False,
    pipeline: Annotated[
        str | None,
        typer.Option(
            help="Your own pipeline file, in place of the reference pipeline.", show_default=False
        ),
    ] = None,
    adapter: Annotated[
        list[str] | None, typer.Option(help="Folder of an adapter of your own; may be repeated.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Trials side by side, of scenarios without times; up to 2 by default.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the order within blocks.")] = 0,
    criteria: Annotated[str, typer.Option(help="Criteria set: its name, or a .toml file.")] = "default",
) -> None:
    """Measure, and write a scorecard."""
    from bench.commands._measurement import measure
    from bench.commands.output_dirs import new_output, resumed_output
    from bench.planning.request import RunRequest, request_of
    from bench.planning.selection import choose, drawn_up
    from bench.scoring import criteria as criteria_sets

    request = RunRequest(
        tool=tool,
        scenario=tuple(filter(None, (name.strip() for name in scenario.split(",")))),
        profile=profile,
        adapter=tuple(str(Path(folder).resolve()) for folder in adapter or ()),
        pipeline=str(Path(pipeline).resolve()) if pipeline and pipeline.endswith(".py") else pipeline,
        seed=seed,
        jobs=jobs or min(2, os.cpu_count() or 1),
        case=tuple(filter(None, (name.strip() for name in case.split(",")))),
    )
    if resume:
        if (tool, scenario, case, profile, pipeline, adapter) != ("all", "", "", None, None, None):
            raise UsageError("--resume goes on with what was asked for before; give it only --output")
        output = resumed_output(output)
        request = request_of(output)
    chosen = choose(request)
    criteria_sets.load(criteria)  # a mistake in it is told before anything is run
    if plan:
        from bench.planning.costs import planned

        print(planned(drawn_up(chosen, request), chosen.choices))
        return
    output = (output or new_output()).resolve()
    try:
        store = measure(request, chosen, output, sys.argv[1:], resume=resume)
    except KeyboardInterrupt:
        print(
            f"\ninterrupted; what was measured is kept in {output}\n"
            f"go on with: bench run --resume --output {output}",
            file=sys.stderr,
        )
        raise typer.Exit(INTERRUPTED) from None
    from bench.planning import costs
    from bench.report import draw, write

    costs.learn(store)
    summary = write(store, criteria)
    # The answer first: pictures take a moment.
    print(summary.text, flush=True)
    draw(store, summary.view)
    if summary.errors:
        raise typer.Exit(TRIALS_IN_ERROR)
