"""The end of a run in the terminal: the order of the targets per indicator, and where the scorecard is."""

from collections.abc import Iterator
from pathlib import Path

from bench.contract.safe_text import in_one_line
from bench.report.curve_text import slope
from bench.report.numbers import bounds, number, reach, spread, standing
from bench.report.page_data import Answer, View
from bench.report.requirement_text import requirements
from bench.report.sentences import verdict
from bench.report.tables import Table
from bench.scoring.scaling_lines import Curve
from bench.store.evidence import logs_command

__all__ = ["text"]


def text(view: View, folder: Path, suffix: str = "") -> str:
    """Return the lines to print. suffix: of the names of the scorecard's files."""
    return "\n".join(in_one_line(line) for line in _lines(view, folder, suffix))


def _lines(view: View, folder: Path, suffix: str) -> Iterator[str]:
    if view.own:
        yield view.own
        yield ""
    for section in view.sections:
        for table in section.tables:
            yield from _table(table)
    for curve in view.curves:
        yield from _curve(curve, view.void.get(curve.scenario))
    for matrix in view.matrices:
        yield f"{matrix.scenario}: {matrix.question}"
        yield from (f"  {column.target}: {column.sentence}" for column in matrix.columns)
        yield ""
    for case in view.plain_cases:
        words = {name: "/".join(case.words(name)) for name in case.answers}
        yield f"{case.scenario}/{case.case}: " + ", ".join(f"{name} {word}" for name, word in words.items())
    yield ""
    yield from _order(view)
    for answer in (*view.failures, *view.errors):
        trial = answer.verdict.trial
        yield (
            f"{answer.verdict.outcome}: {trial.target.name} {trial.scenario}/{trial.case} block {trial.block + 1}: "
            f"{answer.verdict.sentence}{_logs(answer, folder)}"
        )
    for warned in view.warnings:
        yield f"warning: {warned.what}; likely cause: {warned.cause}; {warned.advice}"
    if view.share_in_tools is not None:
        yield f"{view.share_in_tools:.0%} of the time was spent inside the tools' processes"
    yield f"{folder / f'scorecard{suffix}.html'}"
    yield f"{folder / f'scorecard{suffix}.md'}"


def _logs(answer: Answer, folder: Path) -> str:
    command = logs_command(answer.attempts[-1].evidence, folder)
    return command and f" (logs: {command})"


def _order(view: View) -> Iterator[str]:
    if view.scored is None:
        return
    totals = view.scored.weighed["all"].ranking.totals
    wide = max(len(total.target) for total in totals)
    yield f"total under the criteria set '{view.scored.criteria.name}', from 0 to 1: what is missing as 0, and as 1"
    for total in totals:
        place = bounds(total.place) if view.scored.withheld is None else "not claimed"
        met = f"  {requirements(total)}" if total.checks else ""
        reached = f"{total.low:.3f} .. {total.high:.3f}  evidence {total.known:.0%}"
        yield f"  {place:<11} {total.target:<{wide}} {reached}{met}"
    yield from verdict(view.scored)
    yield ""


def _table(table: Table) -> Iterator[str]:
    unit = "" if table.indicator.unit == "count" else f", {table.indicator.unit}"
    yield f"{table.scenario}/{table.case}: {table.indicator.title}{unit} ({table.indicator.direction} is better)"
    if table.void:
        yield f"  the order is void: {table.void}"
    # The A/A check is no candidate; where it differs from itself, that was said above.
    rows = [row for row in table.rows if row.role != "aa check"]
    wide = max((len(row.target) for row in rows), default=0)
    for row in rows:
        median = number(row.summary.median, table.indicator.unit)
        place = standing(row.place, ranked=row.ranked, void=table.void is not None)
        yield (
            f"  {place:<8} {row.target:<{wide}} {median:>9}  {spread(row.summary, table.indicator.unit)}"
        )
    yield ""


def _curve(curve: Curve, void: str | None) -> Iterator[str]:
    line = curve.line
    yield f"{curve.scenario}/{curve.id}: {line.title}, {line.unit}; then {line.at_zero}"
    if void is not None:
        yield f"  no two targets may be compared by it: {void}"
    wide = max(len(fit.target) for fit in curve.fits)
    for fit in curve.fits:
        one, within = slope(fit, line.unit)
        start = reach(fit.intercept_low, fit.intercept_high, line.unit, sure=fit.sure)
        bent = f"  not linear: {fit.why}" if fit.linear is False else ""
        yield (
            f"  {fit.target:<{wide}} {one:>9}  {within:<20} "
            f"{number(fit.intercept, line.unit):>9}  {start}{bent}"
        )
    yield ""
