"""What a target must meet before it can lead: the requirements of the criteria set, and the user's own pipeline.

Who could not run the pipeline that the request named does not lead, whatever the rest says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.contract.records import Target
from bench.contract.scenario_manifest import OWN
from bench.judging.full_runs import RUN_WORDS
from bench.judging.own_labels import own_pipeline
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from bench.scoring.criteria import Requirement
from bench.scoring.readings import Readings, leaf_of
from bench.statistics.intervals import summarise

__all__ = ["RequirementCheck", "checked", "meets"]

OWN_WHY = "It is the pipeline that the tool is chosen for."
FAILED_RUN = frozenset(word.name for word in RUN_WORDS if not word.good)


@dataclass(frozen=True)
class RequirementCheck:
    """One requirement, checked for one target.

    name: the metric, or the user's pipeline. met: None where the evidence does not say. seen: what the evidence
    says, as the end of a sentence; why: the reason of the requirement.
    """

    name: str
    met: bool | None
    seen: str
    why: str

    @property
    def told(self) -> str:
        """Return what is not met, and what was seen."""
        return f"{self.name}: {self.seen}"


def meets(checks: Iterable[RequirementCheck]) -> bool | None:
    """Whether all requirements are met; None where that is unknown."""
    found = [one.met for one in checks]
    if False in found:
        return False
    return None if None in found else True


def checked(
    readings: Readings, target: Target, requirements: Sequence[Requirement]
) -> tuple[RequirementCheck, ...]:
    """Check every requirement of a criteria set, and first that the target ran the user's own pipeline."""
    own = _own_pipeline(readings, target)
    asked = (_check(readings, target, one) for one in requirements)
    return (*([own] if own is not None else ()), *asked)


def _own_pipeline(readings: Readings, target: Target) -> RequirementCheck | None:
    """Return whether each full run of the user's own pipeline came out well; None if the request names none."""
    own = own_pipeline(readings.manifest, readings.judge.pipelines)
    if own is None:
        return None
    full = {
        name
        for name, one in readings.loaded.items()
        if {word.name for word in RUN_WORDS} <= {word.name for word in rules_of(one.folder).words}
    }
    verdicts = [
        readings.judge.verdict(trial)
        for trial in readings.judge.trials()
        if trial.target.name == target.name and trial.pipeline == OWN and trial.scenario in full
    ]
    name = f"runs your pipeline '{own.name}'"
    bad = next((one for one in verdicts if _cannot(one)), None)
    if bad is not None:
        word = "unsupported" if bad.outcome == "unsupported" else bad.word
        seen = f"{word} in {bad.trial.scenario}/{bad.trial.case}: {bad.sentence}"
        return RequirementCheck(name, met=False, seen=seen, why=OWN_WHY)
    if any(one.outcome in ("measured", "failed") for one in verdicts):
        return RequirementCheck(name, met=True, seen="it did in every run", why=OWN_WHY)
    return RequirementCheck(name, met=None, seen="no run of it could be judged", why=OWN_WHY)


def _cannot(verdict: Verdict) -> bool:
    return verdict.outcome == "unsupported" or (verdict.outcome == "failed" and verdict.word in FAILED_RUN)


def _check(readings: Readings, target: Target, requirement: Requirement) -> RequirementCheck:
    """Check one requirement in every block. Without evidence it is unknown."""
    met, seen = (_words if requirement.words else _within)(readings, target, requirement)
    return RequirementCheck(requirement.metric, met, seen, requirement.why)


def _words(readings: Readings, target: Target, requirement: Requirement) -> tuple[bool | None, str]:
    met = readings.has(target, requirement.metric, requirement.words)
    reading = readings.of(target, leaf_of(requirement.metric))
    said = {*reading.own, *(word for block in reading.words for word, _ in block)}
    seen = f"it is {' or '.join(sorted(said))}" if said else reading.why or reading.state
    return met, f"{seen}; it must be {' or '.join(requirement.words)}"


def _within(readings: Readings, target: Target, requirement: Requirement) -> tuple[bool | None, str]:
    reading = readings.of(target, leaf_of(requirement.metric))
    allowed = _allowed(requirement)
    if reading.state == "missing":
        return None, f"{reading.why}; it must be {allowed}"
    if reading.state != "measured":
        return False, f"{reading.state}: {reading.why}; it must be {allowed}"
    if any(np.isnan(value) for value in reading.samples):
        return False, f"it failed in some blocks; it must be {allowed}"
    low, high = reading.interval or summarise(reading.samples).bounds
    least = -np.inf if requirement.at_least is None else requirement.at_least
    most = np.inf if requirement.at_most is None else requirement.at_most
    within = {bool(least <= value <= most) for value in (low, high)}
    shown = f"{low:.4g}" if low == high else f"{low:.4g} .. {high:.4g}"
    return within.pop() if len(within) == 1 else None, f"it is {shown}; it must be {allowed}"


def _allowed(requirement: Requirement) -> str:
    ends = (
        ("at least", requirement.at_least),
        ("at most", requirement.at_most),
    )
    return " and ".join(f"{word} {limit:g}" for word, limit in ends if limit is not None)
