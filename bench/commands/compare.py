"""``bench compare``: what changed between two result sets."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bench.contract.safe_text import in_one_line
from bench.errors import ScenarioError, StoreError, UsageError

__all__ = ["compare"]


def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="Result set to compare with.")],
    after: Annotated[
        Path, typer.Argument(metavar="B", help="Result set to be judged, usually the newer one.")
    ],
    fail_on: Annotated[
        str | None,
        typer.Option(
            help="Exit with 1 if a time is surely slower by more than this, as 10%, or a result got wrong.",
            show_default=False,
        ),
    ] = None,
    across_machines: Annotated[
        bool, typer.Option("--across-machines", help="Also compare times from different machines.")
    ] = False,
) -> None:
    """Print in Markdown what got faster, slower, right or wrong between two result sets.

    Exit codes: 0, compared; 1, with --fail-on, something is worse; 2, the sets cannot be compared, because they
    are of other pipelines for example, or, with
    --fail-on, their times or a trial cannot.
    """
    from bench.judging.results import read
    from bench.report import comparison_text
    from bench.scoring.comparison import compare, percentage
    from bench.store.result_set import Store

    share = None if fail_on is None else percentage(fail_on)
    try:
        sets = [read(Store(folder.absolute())) for folder in (before, after)]
    except (ScenarioError, StoreError) as error:
        raise UsageError(str(error)) from error
    found = compare(*sets, across_machines=across_machines)
    print(comparison_text.text(found), end="")
    worse = [] if share is None else found.fails(share)
    if worse:
        print("\n".join(f"bench: {in_one_line(one)}" for one in worse), file=sys.stderr)
        raise typer.Exit(1)
    if share is not None and found.lost:
        count = len(found.lost)
        raise UsageError(
            f"--fail-on {fail_on}: there is no result for {count} trial{'' if count == 1 else 's'}, an error of the "
            f"harness in {after}: {found.lost[0]}; measure again with: bench run --resume --output {after}"
        )
    if share is not None and not found.times:
        # A gate that cannot compare the times must not pass.
        raise UsageError(
            f"--fail-on {fail_on}: the machines differ ({'; '.join(found.machines)}), so no time was compared; "
            "no result became wrong. To compare the times anyway, add --across-machines"
        )
    if share is not None and found.only_before:
        only = in_one_line("; ".join(found.only_before))
        print(f"bench: not compared, only in {before}: {only}", file=sys.stderr)
    if share is not None and found.unsure:
        print(
            f"bench: {found.unsure} numbers have too few samples to say whether they got worse",
            file=sys.stderr,
        )
