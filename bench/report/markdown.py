"""``scorecard.md``: the scorecard for a pull request."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.planning import profiles
from bench.report.curve_text import slope
from bench.report.finding_text import grouped
from bench.report.findings import findings_of
from bench.report.headlines import headlines
from bench.report.markdown_text import plain, row
from bench.report.matrices import Matrix
from bench.report.numbers import bounds, chance, number, reach, span, spread, standing
from bench.report.page_data import Shown, View
from bench.report.published_view import Beside, beside
from bench.report.requirement_text import reasons, requirements
from bench.report.score_view import Scored
from bench.report.sentences import opening
from bench.report.tables import Table
from bench.scoring.scaling_lines import Curve
from bench.statistics.quantiles import middle

__all__ = ["text"]

LIMIT = 65_000
"""Characters; a comment on GitHub has at most 65,536."""
ENDING = 2_000
"""Of these, for what is said of what was left out."""
STRAIGHT = {True: "yes", False: "**no**", None: "not told"}
"""By whether a straight line is right."""


def text(view: View) -> str:
    """Return the page, at most :data:`LIMIT` characters of it; what has no room is named at its end."""
    kept: list[str] = []
    left_out: dict[str, None] = {}
    room = LIMIT - ENDING
    for name, lines in _parts(view):
        part = "\n".join(lines) + "\n"
        if len(part) <= room:
            kept.append(part)
            room -= len(part)
        else:
            left_out[name] = None
    if left_out:
        named = "; ".join(left_out)[: ENDING // 2]
        kept.append(
            f"## Left out, for a comment has no room for more\n\n{named}. All is in scorecard.html.\n"
        )
    return "\n".join(kept)


def _parts(view: View) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the parts by their names, those first that must not be missing."""
    yield "opening", [*_opening(view), *_warnings(view)]
    yield "at first sight", _at_first(view)
    if view.scored is not None:
        yield "totals", _ranking(view.scored)
        yield "scores by criterion", _criteria(view.scored)
    for matrix in view.matrices:
        yield f"what was right or wrong in {matrix.scenario}", _sentences(matrix)
    for case in view.plain_cases:
        yield f"{case.scenario}/{case.case}", _case(case)
    for curve in view.curves:
        yield f"the line {curve.scenario}/{curve.id}", _curve(curve, view.void.get(curve.scenario))
    for one in beside(view):
        yield f"what was published beside {one.scenario}/{one.name}", _beside(one)
    for matrix in view.matrices:
        yield f"the cases of {matrix.scenario}", _matrix(matrix)
    tables = [(section.criterion.name, table) for section in view.sections for table in section.tables]
    for criterion, table in sorted(tables, key=lambda one: not one[1].indicator.primary):
        yield f"numbers of {criterion}", _table(table)
    yield "settings that differ from the default", _changed_settings(view)


def _opening(view: View) -> Iterator[str]:
    manifest = view.manifest
    yield "# Scorecard"
    yield ""
    for sentence in opening(view):
        yield plain(sentence)
        yield ""
    profile, machine = profiles.told(manifest.profile), manifest.machine
    yield f"Made {plain(manifest.created)} with profile *{plain(profile)}* on {plain(str(machine.get('processor')))}, "
    yield f"{machine['cores']} cores, {plain(str(machine.get('system')))}; bench {plain(manifest.harness)}."


def _at_first(view: View) -> Iterator[str]:
    """Yield one row for each target, and what was found, the worst first."""
    yield "## At first sight"
    columns = headlines(view)
    if columns:
        yield ""
        yield f"| target | {' | '.join(one.title for one in columns)} |"
        yield "|---" * (len(columns) + 1) + "|"
        for target in view.manifest.targets:
            if target.role != "aa check":
                yield row(target.name, *(one.mark(target.name) for one in columns))
    yield ""
    found = grouped(findings_of(view, Path()))
    yield (
        "Found, the worst first:"
        if found
        else "Nothing was found that a reader would have to be warned of."
    )
    yield ""
    yield from (f"- {plain(one.text)}" for one in found)


def _warnings(view: View) -> Iterator[str]:
    if not view.warnings:
        return
    yield ""
    yield "## Before you believe the numbers"
    yield ""
    for warned in view.warnings:
        yield f"- **{plain(warned.what)}**; likely cause: {plain(warned.cause)}; {plain(warned.advice)}."


def _ranking(scored: Scored) -> Iterator[str]:
    weighed = scored.weighed["all"]
    modes = {target.name: target.mode for target in weighed.scores.targets}
    yield "## Totals"
    yield ""
    yield (
        f"Under the criteria set *{plain(scored.criteria.name)}*, from 0 to 1: what is missing counted as the worst, "
        "and as the best. The interval is of both bounds, under the noise of the measurements."
    )
    yield ""
    asks = any(total.checks for total in weighed.ranking.totals)
    head = "| place | target | mode | total | interval | first under the noise | evidence | documents |"
    yield f"{head} requirements |" if asks else head
    yield "|---" * (head.count("|") - 1 + asks) + "|"
    for total in weighed.ranking.totals:
        low, high = total.interval
        place, first = "not claimed", ""
        if scored.withheld is None:
            place, first = bounds(total.place), chance(total.places[0])
        yield (
            f"| {place} | {plain(total.target)} | {modes[total.target]} | {total.low:.3f} .. {total.high:.3f} "
            f"| {low:.3f} .. {high:.3f} | {first} | {total.known:.0%} | {total.documented:.0%} |"
            f"{f' {plain(requirements(total))} |' if asks else ''}"
        )
    why_asked = reasons(weighed.ranking.totals)
    if why_asked:
        yield ""
        yield "Who leads meets every requirement:"
        yield ""
        yield from (f"- {plain(name)}. {plain(why)}" for name, why in why_asked.items())


def _criteria(scored: Scored) -> Iterator[str]:
    """Yield targets x criteria, each with both bounds."""
    scores = scored.weighed["all"].scores
    names = [plain(target.name) for target in scores.targets]
    yield "## Scores by criterion"
    yield ""
    yield f"| criterion | weight | {' | '.join(names)} |"
    yield "|---" * (len(names) + 2) + "|"
    for index, criterion in enumerate(scores.criteria.criteria):
        trials = [span(middle(row[index].low), middle(row[index].high)) for row in scores.by_target]
        yield f"| {plain(criterion.name)} | {scores.criteria.weight(criterion):g} | {' | '.join(trials)} |"


def _sentences(matrix: Matrix) -> Iterator[str]:
    yield f"## {matrix.scenario.capitalize()}: {plain(matrix.question)}"
    yield ""
    yield from (f"- **{plain(column.target)}**: {plain(column.sentence)}." for column in matrix.columns)


def _matrix(matrix: Matrix) -> Iterator[str]:
    yield f"## {matrix.scenario.capitalize()}, case by case"
    yield ""
    yield f"| case | {' | '.join(plain(column.target) for column in matrix.columns)} |"
    yield "|---" * (len(matrix.columns) + 1) + "|"
    for line in matrix.lines:
        name = f"{line.case}: {line.what}" if line.part is None else f"- {line.part}"
        yield row(name, *(line.says(column.target) for column in matrix.columns))


def _case(case: Shown) -> Iterator[str]:
    yield f"## {case.scenario}/{case.case}: {case.what}"
    yield ""
    yield "| target | word | what was seen |"
    yield "|---|---|---|"
    for name in case.answers:
        yield row(name, ", ".join(case.words(name)), case.worst(name).verdict.sentence)


def _table(table: Table) -> Iterator[str]:
    unit = table.indicator.unit
    yield f"### {table.scenario}/{table.case}: {table.indicator.title}"
    yield ""
    yield f"{table.indicator.meaning} {table.indicator.direction.capitalize()} is better."
    if table.void:
        yield f"**The order is void: {plain(table.void)}.**"
    yield ""
    yield f"| place | target | median, {unit} | interval or range | samples | times the control |"
    yield "|---|---|---|---|---|---|"
    for one in table.rows:
        ratio = "" if one.ratio is None else f"{number(one.ratio.median, 'x')}"
        place = standing(one.place, ranked=one.ranked, void=table.void is not None)
        yield (
            f"| {place} | {plain(one.target)} | {number(one.summary.median, unit)} "
            f"| {spread(one.summary, unit)} | {one.summary.count} | {ratio} |"
        )


def _curve(curve: Curve, void: str | None) -> Iterator[str]:
    line = curve.line
    yield f"## {curve.scenario}/{curve.id}: {line.title}, and {line.at_zero}"
    yield ""
    yield f"{line.meaning} {line.direction.capitalize()} is better. The control's {line.indicator} of the same block is"
    yield "subtracted. In brackets 95 % intervals; with two dots, of fewer points, the range."
    if void is not None:
        yield f"**No two targets may be compared by it: {plain(void)}.**"
    yield ""
    yield (
        f"| target | one more of {line.over}, {line.unit} | | at zero, {line.unit} | | farthest point | straight line |"
    )
    yield "|---|---|---|---|---|---|---|"
    for fit in curve.fits:
        one, within = slope(fit, line.unit)
        start = reach(fit.intercept_low, fit.intercept_high, line.unit, sure=fit.sure)
        zero, farthest = number(fit.intercept, line.unit), number(fit.farthest, line.unit)
        yield (
            f"| {plain(fit.target)} | {one} | {within} | {zero} | {start} | {farthest} of {len(fit.points)} "
            f"| {STRAIGHT[fit.linear]}: {plain(fit.why)} |"
        )


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
        f"| {plain(name)} | | {number(value, unit)} {unit} | measured here | |"
        for name, value in one.ours.items()
    )


def _changed_settings(view: View) -> Iterator[str]:
    yield "## Settings that differ from the default"
    yield ""
    for tool, manifest in view.manifest.adapters.items():
        for setting in manifest.get("settings", ()):
            what, value, reason = (plain(setting[key]) for key in ("what", "value", "reason"))
            yield f"- {plain(view.displays[tool])}: {what} = {value}: {reason}"
