"""What is run of each edited project, as data: the runs that show whether the change takes effect."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["AFTER", "BEFORE", "CASES", "DAY", "OTHER_DAY", "Case", "Exercise"]

DAY, OTHER_DAY = "2026-01-07", "2026-01-05"
"""The default day has six values and a metric of 7.6; the other one four, and 3.0."""
BEFORE, AFTER = "before", "after"
"""The run of the control without the edit, and the edited project's plain run."""


@dataclass(frozen=True)
class Exercise:
    """One run of the edited project.

    day: given as parameter. chaos: what the variable CHAOS says. nap: seconds that one score takes. untyped:
    without the words that a user types for the change. yields: the day whose output is expected, where it is
    not the one given; None: no output is. agreed: whether a person agrees while it waits. continues: whether it
    goes on in the state that the run before it has left; all others start from fresh state, so that nothing is
    reused in which a planted fault was to be felt. time_limit: in seconds.
    """

    day: str = DAY
    chaos: str = ""
    nap: float = 0.0
    untyped: bool = False
    yields: str | None = DAY
    agreed: bool = False
    continues: bool = False
    time_limit: float = 90.0


@dataclass(frozen=True)
class Case:
    """One change. alters: whether it changes what is delivered, so that the edited control is the truth."""

    exercises: Mapping[str, Exercise] = field(default_factory=lambda: {AFTER: Exercise()})
    alters: bool = False


def _after(**more: Exercise) -> dict[str, Exercise]:
    return {AFTER: Exercise(), **more}


FEWER = Exercise(day=OTHER_DAY, yields=OTHER_DAY)
CASES: dict[str, Case] = {
    "cache": Case(_after(again=Exercise(continues=True))),
    "retries": Case(_after(flaky=Exercise(chaos="assess flaky"))),
    "timeout": Case(_after(hanging=Exercise(chaos="assess hang", yields=None, time_limit=60.0))),
    "resources": Case(_after(greedy=Exercise(chaos="assess allocate", yields=None))),
    "gpu": Case(),
    "image": Case(),
    "fan-out": Case(_after(fewer=FEWER)),
    "limited-concurrency": Case({AFTER: Exercise(nap=1.0)}),
    "condition": Case(_after(below=Exercise(day=OTHER_DAY, yields=None))),
    "new-stage": Case(),
    "swap-model": Case(alters=True),
    "sub-pipeline": Case(alters=True),
    "schedule": Case({"scheduled": Exercise(time_limit=75.0)}),
    "notify": Case(_after(failing=Exercise(chaos="assess raise", yields=None))),
    "shell": Case(alters=True),
    "approval": Case(
        {
            "agreed": Exercise(agreed=True),
            "unanswered": Exercise(untyped=True, yields=None, time_limit=25.0),
        }
    ),
    "dynamic": Case(_after(fewer=FEWER), alters=True),
    "environments": Case({"dev": Exercise(untyped=True), "prod": Exercise(yields=OTHER_DAY)}),
    "part": Case({AFTER: Exercise(untyped=True), "part": Exercise(yields=None, continues=True)}),
    "backfill": Case({AFTER: Exercise(untyped=True), "range": Exercise(yields=None, time_limit=120.0)}),
}
