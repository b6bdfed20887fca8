"""``bench run``: measures, and writes a scorecard."""

import contextlib
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.errors import UsageError

if TYPE_CHECKING:
    from bench.planning.request import RunRequest
    from bench.planning.selection import Selection

__all__ = ["INTERRUPTED", "run"]

INTERRUPTED = 130
TRIALS_IN_ERROR = 3
GREATEST_SEED = 2**32 - 1

Tools = Annotated[str, typer.Option(help="Targets, separated by commas: all, flyte, 'prefect[local]'.")]
Scenarios = Annotated[
    str, typer.Option(help="Scenarios, separated by commas; without it, a smoke run of all scenarios.")
]
Cases = Annotated[str, typer.Option(help="Only these cases of the scenarios, separated by commas.")]
Profile = Annotated[
    str | None,
    typer.Option(
        help="smoke, quick, standard or thorough; others for single scenarios: quick,startup=standard.",
        show_default=False,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        help="Folder for the results; without it, a new one in bench-results.", show_default=False
    ),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Continue the result set in --output, or the newest one.")
]
Plan = Annotated[
    bool, typer.Option("--plan", help="Print the number of trials, minutes and MB, and run nothing.")
]
PipelineFile = Annotated[
    str | None,
    typer.Option(help="Your own pipeline file, in place of the reference pipeline.", show_default=False),
]
AdapterFolders = Annotated[
    list[str] | None, typer.Option(help="Folder of your own adapter; may be repeated.")
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        metavar="SECONDS",
        help="With --pipeline: limit for building the graph (default 30) and for its first run, in plain Python "
        "(default 600).",
        show_default=False,
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Parallel trials, for scenarios that are not timed; at most 2 by default.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=GREATEST_SEED, help="Seed of the order within blocks.")]
CriteriaSet = Annotated[str, typer.Option(help="Name of a criteria set, or a .toml file.")]


def run(
    tool: Tools = "all",
    scenario: Scenarios = "",
    case: Cases = "",
    profile: Profile = None,
    output: Output = None,
    resume: Resume = False,
    plan: Plan = False,
    pipeline: PipelineFile = None,
    adapter: AdapterFolders = None,
    jobs: Jobs = None,
    seed: Seed = 0,
    criteria: CriteriaSet = "default",
    time_limit: TimeLimit = None,
) -> None:
    """Measure, and write a scorecard.

    Your own pipeline is first run in plain Python; if that fails, nothing else is run. Exit codes: 0, measured;
    1, your pipeline or an adapter does not work; 2, something in the command does not exist; 3, a trial is an error.
    """
    from bench.commands._result_folders import new_output, resumed_output
    from bench.planning.request import RunRequest, request_of
    from bench.planning.selection import choose
    from bench.scoring import criteria_files

    request = RunRequest(
        tool=tool,
        scenario=_names(scenario),
        profile=profile,
        adapter=tuple(str(Path(folder).resolve()) for folder in adapter or ()),
        pipeline=str(Path(pipeline).resolve()) if pipeline and pipeline.endswith(".py") else pipeline,
        seed=seed,
        jobs=jobs or min(2, os.cpu_count() or 1),
        case=_names(case),
        time_limit=time_limit,
    )
    if resume:
        if (tool, scenario, case, profile, pipeline, adapter) != ("all", "", "", None, None, None):
            raise UsageError("--resume continues the earlier request; give only --output with it")
        output = resumed_output(output)
        request = request_of(output)
    selection = choose(request)
    criteria_files.load(criteria)  # A mistake in it is reported before anything runs.
    if plan:
        _print_plan(request, selection)
        return
    _measure(request, selection, (output or new_output()).resolve(), criteria, resume=resume)


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def _print_plan(request: "RunRequest", selection: "Selection") -> None:
    from bench.planning import checking, own_times
    from bench.planning.costs import planned
    from bench.planning.selection import drawn_up

    own, flow = None, None
    if request.pipeline is not None:
        adapters = {choice.adapter.manifest.name: choice.adapter for choice in selection.choices}
        definition, _ = checking.read(request.pipeline, list(adapters.values()), request.time_limit, _say)
        flow = definition.pipeline
        own = own_times.Own(flow.name, own_times.seconds(definition.digest))
        print(f"your pipeline '{own.name}': {', '.join(flow.stages)}")
        if own.seconds is None:
            print(
                f"it was not run here yet, so its minutes are not known; run: bench check {request.pipeline}"
            )
    print(planned(drawn_up(selection, request, flow), selection.choices, own))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _measure(
    request: "RunRequest", selection: "Selection", output: Path, criteria: str, *, resume: bool
) -> None:
    """Measure, then report. Exit with 130 after an interruption, and with 3 if a trial is an error."""
    from bench.commands._run_suite import measure
    from bench.planning import costs
    from bench.report import draw, write

    missing = [folder for folder in (output, output.parent) if not folder.exists()]
    try:
        store = measure(request, selection, output, sys.argv[1:], resume=resume)
    except BaseException as error:
        for folder in missing:
            # What was refused before anything was measured leaves no empty folder, which would be the newest set.
            with contextlib.suppress(OSError):
                folder.rmdir()
        if not isinstance(error, KeyboardInterrupt):
            raise
        print(f"\n{_interrupted(output)}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    costs.learn(store)
    summary = write(store, criteria)
    # The answer comes first, because pictures take a moment.
    print(summary.text, flush=True)
    draw(store, summary.view)
    if summary.errors:
        raise typer.Exit(TRIALS_IN_ERROR)


def _interrupted(output: Path) -> str:
    """Return what bench has kept of an interrupted run, and how to continue."""
    from bench.store.result_set import Store

    if Store(output).exists():
        folder = shlex.quote(str(output))
        return (
            f"interrupted; what was measured is kept in {output}\n"
            f"continue with: bench run --resume --output {folder}"
        )
    return (
        "interrupted before anything was measured; environments that are ready are kept\n"
        f"start again with: bench {shlex.join(sys.argv[1:])}"
    )
