"""What a reader would want to be warned of, the worst first: who does what, in which case, and how to see it.

Each scenario names the words that are findings, with their severity, in ``findings.toml``.
"""

import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

from bench.contract.scenario import find
from bench.contract.toml import Table, read_tables
from bench.errors import ScenarioError
from bench.judging.full_runs import RUN_WORDS
from bench.report.page_data import Shown, View
from bench.store.evidence import logs_command

__all__ = ["OF_RUNS", "SEVERITIES", "Finding", "Rule", "Severity", "findings_of", "rules"]

Severity = Literal[
    "wrong result", "leak", "does not run", "lost work", "goes on", "wrong record", "wasted time"
]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The worst first: what is wrong and says so to nobody is worse than what stops the work."""


SCRIPT = ("--output", "finding.sh")


class Rule(Table, frozen=True, kw_only=True):
    """What a word says of a tool, after its name. documented: the table of ``adapter.toml`` that has the source."""

    severity: Severity
    says: str
    documented: str = ""


SILENT = ("wrong output", "never ran")
OF_RUNS = {
    word.name: Rule(severity="wrong result", says="ends well and delivers a wrong result")
    if word.name in SILENT
    else Rule(severity="does not run", says=f"does not run to its end ({word.name})")
    for word in RUN_WORDS
    if not word.good
}
"""The words of all scenarios that ask for full runs."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found of one target in one case.

    target: for people; name: as in the set. seen: in the worst trial. trials: keys of those that show it; blocks: how
    many were judged. logs, repro: commands. documented: address of the tool's documentation.
    """

    severity: Severity
    target: str
    name: str
    tool: str
    version: str
    scenario: str
    case: str
    word: str
    says: str
    what: str
    seen: str
    trials: tuple[str, ...]
    blocks: int
    logs: str
    repro: str
    documented: str

    @property
    def sentence(self) -> str:
        """Return the finding as a sentence."""
        return f"{self.target} {self.version} {self.says}: {self.what} ({self.scenario}/{self.case})"


def findings_of(view: View, folder: Path) -> list[Finding]:
    """Return what was found of the tools, the worst first; folder: of the set, for the commands."""
    tools = {one.name: one for one in view.tools}
    found = [
        finding
        for case in view.cases
        for name in case.answers
        if name in tools
        for finding in _of_case(view, case, name, folder)
    ]
    return sorted(
        found,
        key=lambda one: (SEVERITIES.index(one.severity), one.scenario, one.case, one.target, one.word),
    )


def _of_case(view: View, case: Shown, name: str, folder: Path) -> Iterator[Finding]:
    known = rules(case.scenario)
    answers = [one for one in case.said(name) if one.verdict.outcome in ("measured", "failed")]
    own = {known[one.verdict.word].severity for one in answers if one.verdict.word in known}
    seen: dict[str, list[int]] = {}
    for index, answer in enumerate(answers):
        words = {
            one for one in answer.verdict.words.values() if one in known and known[one].severity not in own
        }
        for word in {answer.verdict.word} & known.keys() | words:
            seen.setdefault(word, []).append(index)
    for word, indexes in seen.items():
        worst = answers[indexes[0]]
        target = worst.verdict.trial.target
        rule = known[word]
        yield Finding(
            severity=rule.severity,
            target=f"{view.displays[target.tool]}{name.removeprefix(target.tool)}",
            name=name,
            tool=target.tool,
            version=target.version,
            scenario=case.scenario,
            case=case.case,
            word=word,
            says=rule.says,
            what=case.what,
            seen=worst.verdict.sentence,
            trials=tuple(answers[index].verdict.trial.key for index in indexes),
            blocks=len(answers),
            logs=logs_command(worst.attempts[-1].evidence, folder),
            repro=shlex.join(
                ["bench", "repro", worst.verdict.trial.key, "--set", str(folder), "--output", "finding.sh"]
            ),
            documented=_source(view.manifest.adapters.get(target.tool, {}), rule.documented),
        )


def _source(about: Mapping[str, object], table: str) -> str:
    found = about.get(table)
    return str(found.get("source", "")) if isinstance(found, dict) else ""


@cache
def rules(scenario: str) -> dict[str, Rule]:
    """Return by word what is a finding. Raises ScenarioError for a mistake in ``findings.toml``."""
    path = find(scenario) / "findings.toml"
    if not path.is_file():
        return OF_RUNS
    return OF_RUNS | read_tables(path, Rule, ScenarioError)
