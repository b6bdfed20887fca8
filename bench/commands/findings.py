"""``bench findings``: lists what a reader would want to be warned of, the worst first."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["findings"]


def findings(
    folder: Annotated[
        Path | None, typer.Argument(metavar="SET", help="Result set; without it, the newest.")
    ] = None,
    tool: Annotated[
        str, typer.Option(help="Only findings of this tool or target.", show_default=False)
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    for_maintainers: Annotated[
        bool, typer.Option("--for-maintainers", help="Print the text of an issue report for each finding.")
    ] = False,
) -> None:
    """List what was found of the tools, the worst first, each with its evidence."""
    import msgspec

    from bench.commands._result_folders import resumed_output
    from bench.errors import UsageError
    from bench.report.finding_text import issue_reports, listing
    from bench.report.findings import findings_of
    from bench.report.page_data import view_of
    from bench.store.result_set import Store

    if as_json and for_maintainers:
        raise UsageError("give --json or --for-maintainers, not both")
    store = Store(resumed_output(folder))
    view = view_of(store)
    found = findings_of(view, store.folder)
    if tool:
        names = sorted({one.tool for one in view.tools} | {one.name for one in view.tools})
        if tool not in names:
            raise UsageError(f"this result set has no tool or target '{tool}'; it has {', '.join(names)}")
        found = [one for one in found if tool in (one.tool, one.name)]
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    else:
        print(issue_reports(found, view.manifest) if for_maintainers else listing(found))
