"""``scorecard.html``: one file, no network, every number with a link to its samples, command and logs."""

import math
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bench.records import Cell
from bench.report import numbers
from bench.report.sentences import opening
from bench.report.view import Row, Table, View
from bench.verdicts import visible

__all__ = ["text"]


def text(view: View) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": numbers.number,
        "spread": numbers.spread,
        "visible": visible,
        "command": _command,
        "again": _again,
    }
    environment.globals |= {"standing": numbers.standing, "strip": strip}
    return environment.get_template("scorecard.html.j2").render(view=view, opening=opening(view))


def _command(argv: tuple[str, ...]) -> str:
    import shlex

    return shlex.join(argv)


def _again(cell: Cell, profile: str) -> str:
    """Return the command that measures one cell again."""
    import shlex

    argv = ["bench", "run", "--tool", cell.target.name, "--scenario", cell.scenario, "--case", cell.case]
    return shlex.join([*argv, "--profile", profile])


def strip(table: Table, row: Row) -> dict[str, Any]:
    """Return where the samples of a row stand on the table's scale, in per cent of its width.

    The scale is logarithmic where all samples are positive and differ by more than ten times.
    """
    least, high = (
        min(each.summary.low for each in table.rows),
        max(each.summary.high for each in table.rows),
    )
    low, high = min(0.0, least), high or 1.0
    logarithmic = least > 0 and high / least > 10
    if logarithmic:
        low, high = math.log(least * 0.9), math.log(high * 1.05)

    def place(value: float) -> float:
        at = math.log(value) if logarithmic else value
        return round(100 * (at - low) / (high - low), 2) if high > low else 0.0

    begin, end = row.summary.bounds
    return {
        "dots": [place(sample.value) for sample in row.samples],
        "median": place(row.summary.median),
        "begin": place(begin),
        "end": place(end),
        "logarithmic": logarithmic,
    }
