"""The command line. Heavy modules are imported inside commands, so that help answers at once."""

import io
import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bench import __version__
from bench.errors import BenchError, ScenarioError, StoreError, UsageError

__all__ = ["app", "main"]

# Plain help: rich help costs 0.1 s at every start.
app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Which workflow orchestrator should we choose for our ML pipelines? Measured, with evidence.",
)

INTERRUPTED = 130
USAGE = 2
TRIALS_IN_ERROR = 3
GREATEST_SEED = 2**32 - 1


@app.callback(invoke_without_command=True)
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show tracebacks of errors.")] = False,
) -> None:
    """Answer ``--version``; ``--verbose`` is read by :func:`main`."""
    del verbose
    if version:
        print(__version__)
        raise typer.Exit


@app.command()
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
    seed: Annotated[
        int, typer.Option(min=0, max=GREATEST_SEED, help="Seed of the order within blocks.")
    ] = 0,
    criteria: Annotated[str, typer.Option(help="Criteria set: its name, or a .toml file.")] = "default",
) -> None:
    """Measure, and write a scorecard."""
    from bench.commands.output_dirs import new_output, resumed_output
    from bench.commands.run import measure
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
        print(f"\n{_interrupted(output)}", file=sys.stderr)
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


def _interrupted(output: Path) -> str:
    """Return what is kept of an interrupted run, and how to go on."""
    from bench.store.result_set import Store

    if Store(output).exists():
        told = shlex.quote(str(output))
        return f"interrupted; what was measured is kept in {output}\ngo on with: bench run --resume --output {told}"
    return (
        "interrupted before anything was measured; environments that are ready are kept\n"
        f"start again with: bench {shlex.join(sys.argv[1:])}"
    )


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(help="tools, scenarios, criteria or checklist")],
) -> None:
    """List the tools, scenarios, criteria or questions of the checklist that there are."""
    from bench.commands.list import text

    print(text(what))


@app.command()
def doctor() -> None:
    """Say what is missing on this machine, and what a run costs."""
    from bench.commands import doctor

    print(doctor.text())


@app.command()
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


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="Result set to compare with.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Result set that is compared.")],
    fail_on: Annotated[
        str | None,
        typer.Option(
            help="End with 1 where a time is surely slower by more than this, as 10%; or a truth wrong.",
            show_default=False,
        ),
    ] = None,
    across_machines: Annotated[
        bool, typer.Option("--across-machines", help="Compare times of different machines too.")
    ] = False,
) -> None:
    """Say what got faster, slower, right or wrong between two result sets, in Markdown.

    Exit codes: 0 compared; 1 with --fail-on, something is worse; 2 they, or with --fail-on their times or a trial,
    cannot be compared.
    """
    from bench.judging.results import read
    from bench.report import comparison_text
    from bench.scoring.comparison import compare, percentage
    from bench.store.result_set import Store

    share = None if fail_on is None else percentage(fail_on)
    try:
        sets = [read(Store(folder.resolve())) for folder in (before, after)]
    except (ScenarioError, StoreError) as error:
        raise UsageError(str(error)) from error
    found = compare(*sets, across_machines=across_machines)
    print(comparison_text.text(found), end="")
    worse = [] if share is None else found.fails(share)
    if worse:
        print("\n".join(f"bench: {one}" for one in worse), file=sys.stderr)
        raise typer.Exit(1)
    if share is not None and found.lost:
        count = len(found.lost)
        raise UsageError(
            f"--fail-on {fail_on}: nothing can be said of {count} trial{'' if count == 1 else 's'}, an error of the "
            f"harness in {after}: {found.lost[0]}; measure again by: bench run --resume --output {after}"
        )
    if share is not None and not found.times:
        # A gate that could not look at the times must not let them pass.
        raise UsageError(
            f"--fail-on {fail_on}: the machines differ ({'; '.join(found.machines)}), so no time was compared; "
            "no truth got wrong. --across-machines compares the times all the same"
        )
    if share is not None and found.only_before:
        print(f"bench: not looked at, only in {before}: {'; '.join(found.only_before)}", file=sys.stderr)
    if share is not None and found.unsure:
        print(
            f"bench: {found.unsure} numbers have too few samples to say whether they got worse",
            file=sys.stderr,
        )


@app.command()
def render(
    tool: str,
    folder: Path,
    pipeline: Annotated[str, typer.Option(help="Name or file of the pipeline.")] = "reference",
    adapter: Annotated[
        list[str] | None, typer.Option(help="Folder of an adapter of your own; may be repeated.")
    ] = None,
) -> None:
    """Write the native project of a pipeline for a tool, for reading."""
    from bench.commands import render as rendering

    rendering.render(tool, folder, pipeline, tuple(adapter or ()))
    print(folder.resolve())


@app.command()
def export(
    tool: str,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    pipeline: Annotated[
        str, typer.Option(help="Name or file of the pipeline; yours, or one that comes with bench.")
    ] = "reference",
    adapter: Annotated[
        list[str] | None, typer.Option(help="Folder of an adapter of your own; may be repeated.")
    ] = None,
) -> None:
    """Write a project of a tool that is yours to keep: code, tests, locks, image, local and remote runs."""
    from bench.commands import export as exporting

    exporting.export(tool, folder, pipeline, tuple(adapter or ()))
    print(f"{folder.resolve()}\nnext: cd {folder}, read README.md, and: ./run src/workflows.py full")


@app.command()
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
    from bench.commands import repro as making
    from bench.commands.output_dirs import resumed_output
    from bench.store.result_set import Store

    text = making.script(Store(resumed_output(folder)), trial, documented)
    if output is None:
        print(text, end="")
        return
    output.write_text(text)
    output.chmod(0o755)
    print(output.resolve())


@app.command()
def lock(
    tool: Annotated[str, typer.Argument(help="The adapter whose lock is made again.")],
) -> None:
    """Make an adapter's locks again from its requirements.in and the shared constraints."""
    from bench.contract.adapter import Adapter, discover, find, load
    from bench.contract.adapter_manifest import read_manifest
    from bench.environments import environment

    folder = find(tool, discover())
    manifest = read_manifest(folder)
    print(environment.lock(folder))
    if manifest.earlier is not None:
        print(environment.lock_earlier(folder, manifest))
    for path in environment.lock_besides(folder):
        print(path)
    if type(load(folder)).launchpad is not Adapter.launchpad:
        for path in environment.lock_launchpad(folder):
            print(path)


@app.command()
def clean(
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete; without it only the sizes are shown.")
    ] = False,
) -> None:
    """Show or delete what bench keeps outside result sets: environments, data, sandboxes."""
    from bench.commands import clean

    text, left = clean.clean(delete=yes)
    print(text)
    for one in left:
        print(f"bench: cannot be deleted: {one}", file=sys.stderr)
    if left:
        raise typer.Exit(1)


def _must_be_text(*texts: str) -> None:
    """Refuse a path that cannot be written down in records. Raises UsageError."""
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(text).decode(errors="backslashreplace")
            raise UsageError(f"'{shown}' is not UTF-8; give a path whose name is") from None


def main() -> Any:
    """Run the command line; a person's mistake ends in one line, not in a traceback."""
    verbose = "--verbose" in sys.argv
    # A terminated suite ends as an interrupted one: no process, cgroup or sandbox is left.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name of a file need not be UTF-8, nor need a terminal.
            stream.reconfigure(errors="backslashreplace")
    try:
        _must_be_text(*sys.argv[1:], os.getcwd())  # noqa: PTH109 - Path.cwd() is the same
        app(standalone_mode=True)
    except BenchError as error:
        if verbose:
            raise
        print(f"bench: {error}", file=sys.stderr)
        code = USAGE if isinstance(error, UsageError) else 1
        sys.exit(code)
    except OSError as error:
        # A disk or permission that failed where no sentence of our own was prepared for it.
        if verbose:
            raise
        print(f"bench: {error}; see more with --verbose", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("bench: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
