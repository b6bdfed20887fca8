"""``scorecard.md``: the scorecard for a pull request."""

from collections.abc import Iterator

from bench import profiles
from bench.fits import Curve
from bench.ranking import middle
from bench.report.beside import Beside, beside
from bench.report.matrices import Matrix
from bench.report.numbers import bounds, chance, number, reach, span, spread, standing
from bench.report.scored import Scored
from bench.report.sentences import opening
from bench.report.view import Shown, Table, View
from bench.verdicts import visible

__all__ = ["text"]

STRAIGHT = {True: "yes", False: "**no**", None: "not told"}
"""By whether a straight line is right."""


def text(view: View) -> str:
    """Return the page."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: View) -> Iterator[str]:
    manifest = view.manifest
    yield "# Scorecard"
    yield ""
    yield from opening(view)
    yield ""
    profile, processor = profiles.told(manifest.profile), manifest.machine.get("processor")
    yield f"Made {manifest.created} with profile *{profile}* on {processor}, "
    yield f"{manifest.machine.get('cores')} cores, {manifest.machine.get('system')}; bench {manifest.harness}."
    yield ""
    if view.scored is not None:
        yield from _ranking(view.scored)
        yield from _criteria(view.scored)
    for matrix in view.matrices:
        yield from _matrix(matrix)
    for case in view.plain_cases:
        yield from _case(case)
    for section in view.sections:
        if section.tables:
            yield f"## {section.criterion.name}"
            yield ""
            for table in section.tables:
                yield from _table(table)
    for part in (*map(_curve, view.curves), *map(_beside, beside(view))):
        yield from part
    if view.warnings:
        yield "## Before you believe the numbers"
        yield ""
        for warned in view.warnings:
            yield f"- **{_cell(warned.what)}**; likely cause: {warned.cause}; {warned.advice}."
        yield ""
    yield from _changed_settings(view)


def _ranking(scored: Scored) -> Iterator[str]:
    weighed = scored.weighed["all"]
    modes = {target.name: target.mode for target in weighed.scores.targets}
    yield "## Totals"
    yield ""
    yield (
        f"Under the criteria set *{scored.criteria.name}*, from 0 to 1: what is missing counted as the worst, "
        "and as the best. The interval is of both bounds, under the noise of the measurements."
    )
    yield ""
    yield "| place | target | mode | total | interval | first under the noise | evidence | documents |"
    yield "|---|---|---|---|---|---|---|---|"
    for total in weighed.ranking.totals:
        low, high = total.interval
        place, first = "not claimed", ""
        if scored.withheld is None:
            place, first = bounds(total.place), chance(total.places[0])
        yield (
            f"| {place} | {total.target} | {modes[total.target]} | {total.low:.3f} .. {total.high:.3f} "
            f"| {low:.3f} .. {high:.3f} | {first} | {total.known:.0%} | {total.documented:.0%} |"
        )
    yield ""


def _criteria(scored: Scored) -> Iterator[str]:
    """Yield targets x criteria, each with both bounds."""
    scores = scored.weighed["all"].scores
    names = [target.name for target in scores.targets]
    yield f"| criterion | weight | {' | '.join(names)} |"
    yield "|---" * (len(names) + 2) + "|"
    for index, criterion in enumerate(scores.criteria.criteria):
        cells = [span(middle(row[index].low), middle(row[index].high)) for row in scores.by_target]
        yield f"| {criterion.name} | {scores.criteria.weight(criterion):g} | {' | '.join(cells)} |"
    yield ""


def _matrix(matrix: Matrix) -> Iterator[str]:
    yield f"## {matrix.scenario.capitalize()}: {matrix.question}"
    yield ""
    yield from (f"- **{_cell(column.target)}**: {_cell(column.sentence)}." for column in matrix.columns)
    yield ""
    yield f"| case | {' | '.join(_cell(column.target) for column in matrix.columns)} |"
    yield "|---" * (len(matrix.columns) + 1) + "|"
    for line in matrix.lines:
        words = (line.says(column.target) for column in matrix.columns)
        name = f"{line.case}: {line.what}" if line.part is None else f"- {line.part}"
        yield f"| {_cell(name)} | {' | '.join(words)} |"
    yield ""


def _case(case: Shown) -> Iterator[str]:
    yield f"## {case.scenario}/{case.case}: {case.what}"
    yield ""
    yield "| target | word | what was seen |"
    yield "|---|---|---|"
    for name, answers in case.answers.items():
        words = sorted({answer.verdict.word for answer in answers})
        worst = next((a for a in answers if a.verdict.outcome != "measured"), answers[0])
        yield f"| {name} | {', '.join(words)} | {_cell(worst.verdict.sentence)} |"
    yield ""


def _table(table: Table) -> Iterator[str]:
    unit = table.indicator.unit
    yield f"### {table.scenario}/{table.case}: {table.indicator.title}"
    yield ""
    yield f"{table.indicator.meaning} {table.indicator.direction.capitalize()} is better."
    if table.void:
        yield f"**The order is void: {table.void}.**"
    yield ""
    yield f"| place | target | median, {unit} | interval or range | samples | times the control |"
    yield "|---|---|---|---|---|---|"
    for row in table.rows:
        ratio = "" if row.ratio is None else f"{number(row.ratio.median, 'x')}"
        place = standing(row.place, ranked=row.ranked, void=table.void is not None)
        yield (
            f"| {place} | {row.target} | {number(row.summary.median, unit)} "
            f"| {spread(row.summary, unit)} | {row.summary.count} | {ratio} |"
        )
    yield ""


def _curve(curve: Curve) -> Iterator[str]:
    line = curve.line
    yield f"## {curve.scenario}/{curve.id}: {line.title}, and {line.at_zero}"
    yield ""
    yield f"{line.meaning} {line.direction.capitalize()} is better. The control's {line.indicator} of the same block is"
    yield "subtracted. In brackets 95 % intervals; with two dots, of fewer points, the range."
    yield ""
    yield (
        f"| target | one more of {line.over}, {line.unit} | | at zero, {line.unit} | | farthest point | straight line |"
    )
    yield "|---|---|---|---|---|---|---|"
    for fit in curve.fits:
        slope = reach(fit.slope_low, fit.slope_high, line.unit, sure=fit.sure)
        start = reach(fit.intercept_low, fit.intercept_high, line.unit, sure=fit.sure)
        numbers = (number(value, line.unit) for value in (fit.slope, fit.intercept, fit.farthest))
        one, zero, farthest = numbers
        yield (
            f"| {fit.target} | {one} | {slope} | {zero} | {start} | {farthest} of {len(fit.points)} "
            f"| {STRAIGHT[fit.linear]}: {fit.why} |"
        )
    yield ""


def _beside(one: Beside) -> Iterator[str]:
    yield f"## Published, beside {one.scenario}/{one.name}"
    yield ""
    yield "Other machines, versions and set-ups; not scored."
    yield ""
    yield "| tool | version | figure | of what | source and date |"
    yield "|---|---|---|---|---|"
    for figure in one.figures:
        told = f': "{figure.quote}"' if figure.quote else ""
        yield (
            f"| {figure.tool} | {figure.version} | {number(figure.figure, figure.unit)} {figure.unit} "
            f"| {figure.workload} | {figure.source}, {figure.date}{told} |"
        )
    unit = one.figures[0].unit
    yield from (
        f"| {name} | | {number(value, unit)} {unit} | measured here | |" for name, value in one.ours.items()
    )
    yield ""


def _changed_settings(view: View) -> Iterator[str]:
    yield "## Settings that differ from the default"
    yield ""
    for tool, manifest in view.manifest.adapters.items():
        for setting in manifest.get("settings", ()):
            what, value, reason = (_cell(setting[key]) for key in ("what", "value", "reason"))
            yield f"- {view.displays[tool]}: {what} = {value}: {reason}"


def _cell(text: str) -> str:
    """Return text of a tool as data: no markup, no line breaks."""
    plain = visible(" ".join(text.split()))
    for character in "\\`*_[]<>|":
        plain = plain.replace(character, f"\\{character}")
    return plain
