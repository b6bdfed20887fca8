"""How a result set was measured, in the parts that its own records say."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.records import ResultSet, Target
from bench.report.view import View

__all__ = ["Skipped", "looks", "newest", "skipped"]


@dataclass(frozen=True)
class Skipped:
    """What was not run, or has no such thing, for one reason: the cases of each target."""

    outcome: str
    reason: str
    cases: Mapping[str, tuple[str, ...]]


def skipped(view: View) -> tuple[Skipped, ...]:
    """Return the cells that say nothing of a target, by reason; errors of the harness are not among them."""
    found: dict[tuple[str, str], dict[str, dict[str, None]]] = {}
    for shown in view.cases:
        for target, answers in shown.answers.items():
            for answer in answers:
                if answer.verdict.outcome in ("not attempted", "unsupported"):
                    key = (answer.verdict.outcome, answer.verdict.sentence)
                    cases = found.setdefault(key, {}).setdefault(target, {})
                    cases[f"{shown.scenario}/{shown.case}"] = None
    return tuple(
        Skipped(outcome, reason, {target: tuple(cases) for target, cases in by_target.items()})
        for (outcome, reason), by_target in sorted(found.items())
    )


def newest(manifest: ResultSet, target: Target) -> str:
    """Return what was the newest release of a tool when its environment was made, as far as that is known."""
    made = manifest.environments.get(target.tool, {})
    if not made.get("newest"):
        return "not known"
    measured = (
        "this one" if made["newest"] == target.version else f"{made['newest']}, which was not measured"
    )
    return f"{measured}, on {made['made'][:10]}"


def looks(view: View) -> dict[str, tuple[str, ...]]:
    """Return at which look, and why, series stopped: the series by what was said of them."""
    found: dict[str, list[str]] = {}
    for check in view.checks:
        if check.kind == "look":
            found.setdefault(check.detail, []).append(check.subject)
    return {detail: tuple(subjects) for detail, subjects in found.items()}
