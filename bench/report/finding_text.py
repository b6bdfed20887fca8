"""Findings as a list for people, and as the text of issue reports for the tools' maintainers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bench.contract.records import ResultSet
from bench.contract.safe_text import in_one_line
from bench.report.findings import Finding
from bench.report.markdown_text import plain

__all__ = ["Group", "grouped", "issue_reports", "listing"]

NAMED = 3
"""Cases that a line names before it says how many more there are."""


def listing(findings: Sequence[Finding]) -> str:
    """Return the findings as lines, under their severities."""
    return "\n".join(in_one_line(line) for line in _lines(findings))


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        yield "nothing was found that a reader would have to be warned of"
    for severity, found in groupby(findings, key=lambda one: one.severity):
        yield severity
        for one in found:
            yield f"  {one.sentence}"
            times = "" if one.blocks == 1 else f", in {len(one.trials)} of {one.blocks} blocks"
            yield f"    seen: {one.seen}{times}"
            if one.logs:
                yield f"    logs: {one.logs}"
            yield f"    again: {one.repro}"
            if one.documented:
                yield f"    documented: {one.documented}"


@dataclass(frozen=True)
class Group:
    """All that a target does of one kind, as a sentence. trial: the key of one that shows it."""

    text: str
    trial: str


def grouped(findings: Sequence[Finding]) -> list[Group]:
    """Return one sentence for each target and each thing that it does, the worst first, with the cases."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.says, one.target), []).append(one)
    return [
        Group(f"{target} {found[0].version} {says}: {_cases(found)}", found[0].trials[0])
        for (says, target), found in groups.items()
    ]


def _cases(found: Sequence[Finding]) -> str:
    names = list(dict.fromkeys(f"{one.scenario}/{one.case}" for one in found))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def issue_reports(findings: Sequence[Finding], manifest: ResultSet) -> str:
    """Return for each finding the text of an issue report, as Markdown, to be read and completed by a person."""
    return "\n".join("\n".join(_report(one, manifest)) for one in findings)


def _report(one: Finding, manifest: ResultSet) -> Iterator[str]:
    machine = manifest.machine
    yield f"# {plain(one.target)} {plain(one.version)} {one.says}: {plain(one.what)}"
    yield ""
    yield f"**Seen** in {len(one.trials)} of {one.blocks} runs: {plain(one.seen)}."
    yield ""
    yield f"**Expected**: what the same stages do in plain Python. The case: {plain(one.what)}."
    yield ""
    yield "**To see it again**: run the attached script; it needs the tool alone. It was written by"
    yield f"`{one.repro}`."
    yield ""
    if one.documented:
        yield f"**Documentation**: {one.documented}"
        yield ""
    yield f"**Environment**: {plain(one.tool)} {plain(one.version)}, Python {plain(str(machine.get('python')))}, "
    yield f"{plain(str(machine.get('system')))}; measured {plain(manifest.created)} by bench {plain(manifest.harness)}."
    yield ""
