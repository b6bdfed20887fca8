"""The sentences that open a scorecard, made from the data."""

from bench.report.numbers import number
from bench.report.view import Table, View

__all__ = ["opening"]


def opening(view: View) -> list[str]:
    """Return what was run, what came out right, and what may not be concluded."""
    return [sentence for sentence in (_ran(view), *_extents(view), _no_rank(view)) if sentence]


def _ran(view: View) -> str:
    tools = [f"{view.displays[one.tool]} {one.version}" for one in view.tools]
    if not tools:
        return "No tool was measured here, only the control."
    failed = {answer.verdict.cell.target.name for answer in view.failures}
    errors = len(view.errors)
    right = len(view.tools) - len({one.name for one in view.tools} & failed)
    text = (
        f"{', '.join(tools)} ran the same pipelines on the same data; "
        f"the output of {right} of {len(view.tools)} was the control's in every cell."
    )
    if failed:
        text += f" Failed somewhere: {', '.join(sorted(failed))}."
    if errors:
        what = "1 cell is an error" if errors == 1 else f"{errors} cells are errors"
        text += f" {what} of the harness or its set-up: nothing is said of the tools there."
    return text


def _extents(view: View) -> list[str]:
    return [
        _extent(table)
        for section in view.sections
        for table in section.tables
        if table.indicator.primary and table.indicator.unit == "s"
    ]


def _extent(table: Table) -> str:
    rows = [row for row in table.rows if row.role == "tool"]
    if not rows:
        return ""
    first, last = rows[0], rows[-1]
    unit = table.indicator.unit
    text = (
        f"{table.indicator.title.capitalize()}, for {table.what}: from {number(first.summary.median, unit)} {unit} "
        f"({first.target}) to {number(last.summary.median, unit)} {unit} ({last.target})"
    )
    if table.void:
        return f"{text}; the order between is void, because {table.void}."
    if first.place is None:
        return f"{text}; {first.summary.count} samples are too few for an order."
    return f"{text}."


def _no_rank(view: View) -> str:
    measured = [section for section in view.sections if section.tables]
    return (
        f"{len(measured)} of {len(view.sections)} criteria have a measurement here; "
        "no rank over all criteria is claimed."
    )
