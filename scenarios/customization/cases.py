"""What is run of each edited project, as data: the runs that show whether the change takes effect."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["AFTER", "BEFORE", "CASES", "DAY", "OTHER_DAY", "Case", "Trial"]

DAY, OTHER_DAY = "2026-01-07", "2026-01-05"
"""The default day has six values and a metric of 7.6; the other one four, and 3.0."""
BEFORE, AFTER = "before", "after"
"""The run of the control without the edit, and the edited project's plain run."""


@dataclass(frozen=True)
class Trial:
    """One run of the edited project.

    day: given as parameter. chaos: what the variable CHAOS says. nap: seconds that one score takes. untyped:
    without the words that a user types for the change. yields: the day whose output is expected, where it is
    not the one given; None: no output is. agreed: whether a person agrees while it waits. time_limit: in
    seconds.
    """

    day: str = DAY
    chaos: str = ""
    nap: float = 0.0
    untyped: bool = False
    yields: str | None = DAY
    agreed: bool = False
    time_limit: float = 90.0


@dataclass(frozen=True)
class Case:
    """One change. alters: whether it changes what is delivered, so that the edited control is the truth."""

    trials: Mapping[str, Trial] = field(default_factory=lambda: {AFTER: Trial()})
    alters: bool = False


def _after(**more: Trial) -> dict[str, Trial]:
    return {AFTER: Trial(), **more}


FEWER = Trial(day=OTHER_DAY, yields=OTHER_DAY)
CASES: dict[str, Case] = {
    "cache": Case(_after(again=Trial())),
    "retries": Case(_after(flaky=Trial(chaos="assess flaky"))),
    "timeout": Case(_after(hanging=Trial(chaos="assess hang", yields=None, time_limit=60.0))),
    "resources": Case(_after(greedy=Trial(chaos="assess allocate", yields=None))),
    "gpu": Case(),
    "image": Case(),
    "fan-out": Case(_after(fewer=FEWER)),
    "limited-concurrency": Case({AFTER: Trial(nap=1.0)}),
    "condition": Case(_after(below=Trial(day=OTHER_DAY, yields=None))),
    "new-stage": Case(),
    "swap-model": Case(alters=True),
    "sub-pipeline": Case(alters=True),
    "schedule": Case({"scheduled": Trial(time_limit=75.0)}),
    "notify": Case(_after(failing=Trial(chaos="assess raise", yields=None))),
    "shell": Case(alters=True),
    "approval": Case(
        {
            "agreed": Trial(agreed=True),
            "unanswered": Trial(untyped=True, yields=None, time_limit=25.0),
        }
    ),
    "dynamic": Case(_after(fewer=FEWER), alters=True),
    "environments": Case({"dev": Trial(untyped=True), "prod": Trial(yields=OTHER_DAY)}),
    "part": Case({AFTER: Trial(untyped=True), "part": Trial(yields=None)}),
    "backfill": Case({AFTER: Trial(untyped=True), "range": Trial(yields=None, time_limit=120.0)}),
}
