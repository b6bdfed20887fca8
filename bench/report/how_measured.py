"""How a result set was measured, in the parts that its own records say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bench.contract.records import ResultSet, Target
from bench.report.page_data import View

__all__ = ["Skipped", "interim_checks", "newest", "released", "repeated", "skipped"]


LEFT_OUT = "the plan has these cases for another set-up of the tool, or other targets, alone"


@dataclass(frozen=True)
class Skipped:
    """What was not run, or has no such thing, for one reason: the cases of each target."""

    outcome: str
    reason: str
    cases: Mapping[str, tuple[str, ...]]


def skipped(view: View) -> tuple[Skipped, ...]:
    """Return the trials that say nothing of a target, by reason; errors of the harness are not among them."""
    found: dict[tuple[str, str], dict[str, dict[str, None]]] = {}
    for shown in view.cases:
        for target, answers in shown.answers.items():
            for answer in answers:
                if answer.verdict.outcome in ("not attempted", "unsupported"):
                    key = (answer.verdict.outcome, answer.verdict.sentence)
                    cases = found.setdefault(key, {}).setdefault(target, {})
                    cases[f"{shown.scenario}/{shown.case}"] = None
        for one in view.tools:
            if one.name not in shown.answers:
                cases = found.setdefault(("not attempted", LEFT_OUT), {}).setdefault(one.name, {})
                cases[f"{shown.scenario}/{shown.case}"] = None
    return tuple(
        Skipped(outcome, reason, {target: tuple(cases) for target, cases in by_target.items()})
        for (outcome, reason), by_target in sorted(found.items())
    )


def newest(manifest: ResultSet, target: Target) -> str:
    """Return what was the newest release of a tool when its environment was made, as far as that is known."""
    made = manifest.environments.get(target.tool, {})
    if target.role != "tool":
        return "no tool"
    if not made.get("newest"):
        return "not known"
    asked = f"asked on {made['made'][:10]}"
    if made["newest"] == target.version:
        return f"this one; {asked}"
    days = [made.get("released"), made.get("newest_released")]
    if None in days:
        return f"{made['newest']}, which was not measured; {asked}"
    first, second = map(date.fromisoformat, days)
    return f"{made['newest']} of {second}, {_apart(first, second)} this one; {asked}"


def _apart(first: date, second: date) -> str:
    days = (second - first).days
    # A fix of an older minor version may come after a newer one.
    return f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'after' if days >= 0 else 'before'}"


def released(manifest: ResultSet, target: Target) -> str:
    """Return the version that was measured, with the day of its release where that is known.

    What is no tool has the version of its Python; the day would be that of a package in its environment.
    """
    if target.role != "tool":
        return target.version
    day = manifest.environments.get(target.tool, {}).get("released")
    return f"{target.version} of {day}" if day else target.version


def interim_checks(view: View) -> dict[str, tuple[str, ...]]:
    """Return at which look, and why, series stopped: the series by what was said of them."""
    stopped: dict[str, str] = {}
    for check in view.checks:
        if check.kind == "interim check":
            # A resumed run looks again at what has stopped before.
            stopped.setdefault(check.subject, check.detail)
    found: dict[str, list[str]] = {}
    for subject, detail in stopped.items():
        found.setdefault(detail, []).append(subject)
    return {detail: tuple(subjects) for detail, subjects in found.items()}


def repeated(manifest: ResultSet) -> tuple[str, ...]:
    """Return the command that measures the whole again, also where a resumed run was the last."""
    asked = manifest.request
    if not asked:
        return ("bench", *manifest.argv)
    argv = ["bench", "run", "--tool", asked["tool"]]
    for option in ("scenario", "case"):
        argv += [f"--{option}", ",".join(asked[option])] if asked.get(option) else []
    argv += [part for path in asked["adapter"] for part in ("--adapter", path)]
    for option in ("profile", "pipeline"):
        argv += [f"--{option}", asked[option]] if asked[option] else []
    return (*argv, *(["--seed", str(asked["seed"])] if asked["seed"] else []))
