"""The end of a run in the terminal: what was done, what was found, where the report is, and how to go on.

At most :data:`LINES` lines of at most :data:`WIDTH` characters. All tables are in :mod:`bench.report.terminal`.
"""

import shlex
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.contract.safe_text import in_one_line
from bench.errors import BenchError
from bench.planning import profiles
from bench.planning.request import request_of
from bench.report.findings import Finding, findings_of
from bench.report.headlines import headlines
from bench.report.page_data import View
from bench.report.score_view import Scored
from bench.report.sentences import listed, verdict

__all__ = ["LINES", "WIDTH", "text"]

LINES, WIDTH = 30, 100
FOUND, CAREFUL, ERRORS, TARGETS = 7, 3, 2, 10
"""Lines for what was found, for warnings, for errors, and for targets."""
NEXT = {
    "smoke": "quick,startup=standard,caching=standard",
    "quick": "standard",
    "standard": "thorough",
}
WHOLE = ("Report ", "See one ", "Go deeper ")
"""Starts of lines that are never cut."""


def text(view: View, folder: Path, suffix: str = "") -> str:
    """Return the lines to print. suffix: of the names of the scorecard's files."""
    said = [in_one_line(line) for line in _lines(view, folder, suffix)]
    lines = [part for line in said for part in _fitted(line, 2)]
    if len(lines) > LINES:
        lines = [part for line in said for part in _fitted(line, 1)]
    return "\n".join(lines)


def _fitted(line: str, most: int) -> list[str]:
    """Return a line in at most so many of the width. Commands and paths are copied, so they stay whole."""
    if len(line) <= WIDTH or line.startswith(WHOLE):
        return [line]
    return textwrap.wrap(
        line, WIDTH, subsequent_indent="   ", max_lines=most, placeholder=" …", break_on_hyphens=False
    )


def _lines(view: View, folder: Path, suffix: str) -> Iterator[str]:
    findings = findings_of(view, folder)
    profile = view.manifest.profile
    done = f"{_count(len(view.answers), 'test')} of {_count(len(view.tools), 'set-up')}"
    yield f"Done: {done}, profile {profiles.told(profile)}."
    if view.own:
        yield view.own
    yield ""
    yield from _table(view)
    yield from _found(view, findings)
    yield from _errors(view)
    for warned in view.warnings[:CAREFUL]:
        yield f"Careful: {warned.what}."
    if len(view.warnings) > CAREFUL:
        yield f"Careful: {len(view.warnings) - CAREFUL} more warnings stand in the report."
    if view.scored is not None:
        yield from _ruled_out(view.scored)
        yield from (verdict(view.scored)[:2] if view.scored.withheld is None else verdict(view.scored)[:1])
    yield ""
    yield f"Report     {folder / f'scorecard{suffix}.html'}"
    if findings:
        yield f"See one    {findings[0].repro}"
    longer = NEXT.get(profile.partition(",")[0])
    if longer is not None and "=" not in profile:
        yield f"Go deeper  {_again(view, longer, folder)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _pipeline(folder: Path) -> str | None:
    """Return the user's pipeline as it was asked for; the manifest may lack private parts of the path."""
    try:
        return request_of(folder).pipeline
    except BenchError:
        return None


def _again(view: View, profile: str, folder: Path) -> str:
    asked = view.manifest.request
    argv = ["bench", "run", "--tool", str(asked.get("tool") or "all")]
    if asked.get("scenario"):
        argv += ["--scenario", ",".join(asked["scenario"])]
        profile = profile.partition(",")[0]
    if asked.get("pipeline"):
        argv += ["--pipeline", _pipeline(folder) or str(asked["pipeline"])]
    return shlex.join([*argv, "--profile", profile])


def _table(view: View) -> Iterator[str]:
    columns = headlines(view)
    names = [one.name for one in view.tools if any(one.name in column.texts for column in columns)]
    if not names:
        return
    control = [one.name for one in view.manifest.targets if one.role == "control"]
    shown = [*names[:TARGETS], *control]
    cells = [[column.mark(name) for name in shown] for column in columns]
    wide = max(map(len, shown))
    widths = [
        max(len(column.title), *map(len, texts)) for column, texts in zip(columns, cells, strict=True)
    ]
    yield "  ".join([" " * wide, *(f"{one.title:>{w}}" for one, w in zip(columns, widths, strict=True))])
    for at, name in enumerate(shown):
        yield "  ".join(
            [f"{name:<{wide}}", *(f"{texts[at]:>{w}}" for texts, w in zip(cells, widths, strict=True))]
        )
    if len(names) > TARGETS:
        yield f"and {len(names) - TARGETS} more set-ups in the report"
    yield ""


def _found(view: View, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield one line for each thing that tools do, the worst first, with the targets and the numbers of cases."""
    if not findings:
        yield "Found nothing that a reader would have to be warned of."
        return
    yield "Found, the worst first"
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.says, []).append(one)
    for says, found in list(groups.items())[:FOUND]:
        yield f" ✗ {says}: {_who(view, found)}"
    if len(groups) > FOUND:
        yield f" ✗ {len(groups) - FOUND} more kinds: bench findings"


def _who(view: View, found: Sequence[Finding]) -> str:
    cases: dict[str, set[str]] = {}
    for one in found:
        cases.setdefault(one.name, set()).add(f"{one.scenario}/{one.case}")
    same = {frozenset(one) for one in cases.values()}
    if len(same) == 1:
        names = sorted(next(iter(same)))
        where = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
        everyone = len(cases) == len(view.tools) > 1
        return f"{'all set-ups' if everyone else listed(list(cases))}, in {where}"
    ordered = sorted(cases.items(), key=lambda item: -len(item[1]))
    first, rest = ordered[0], ordered[1:]
    told = [f"{first[0]} ({_count(len(first[1]), 'case')})"]
    return ", ".join([*told, *(f"{name} ({len(of)})" for name, of in rest)])


def _ruled_out(scored: Scored) -> Iterator[str]:
    """Yield who does not meet a requirement, which, and what was seen."""
    for total in scored.weighed["all"].ranking.totals:
        failed = [one for one in total.checks if one.met is False]
        if failed:
            yield f"Ruled out: {total.target}: {failed[0].told}"


def _errors(view: View) -> Iterator[str]:
    if not view.errors:
        return
    yield f"Errors of bench or the machine, which say nothing of the tools: {len(view.errors)}"
    for answer in view.errors[:ERRORS]:
        trial = answer.verdict.trial
        yield f" ! {trial.target.name} {trial.scenario}/{trial.case}: {answer.verdict.sentence}"
