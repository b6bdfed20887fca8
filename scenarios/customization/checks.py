"""What shows, of each change, that it takes effect: one function a case, over what was seen of its runs.

Stages note when they begin, where, and what they see, so that a run without the tracer can be judged as well;
how often a function ran that the change itself made a stage is known from the trace alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bench.contract.records import Attempt, Run

__all__ = ["CHECKS", "IGNORED", "PARTLY", "REFUSED", "TAKES_EFFECT", "Finding", "Seen"]

TAKES_EFFECT, PARTLY, REFUSED, IGNORED = "takes effect", "partly", "refused", "ignored"
TRIES = 3
"""The stage fails twice; two retries were asked for, the first after one second, the second after two."""
WAITS_S, EARLY_S, GROWTH_S = (1.0, 2.0), 0.05, 0.5
LIMIT = 2
"""Of mapped bodies at once."""
DAYS = ["2026-01-05", "2026-01-06", "2026-01-07"]
"""Of the backfill."""


@dataclass(frozen=True)
class Finding:
    """A word and what it rests on."""

    word: str
    sentence: str


class Seen:
    """What was seen of an attempt's runs, by the name of the exercise."""

    def __init__(self, attempt: Attempt) -> None:
        facts = attempt.facts
        self.runs: dict[str, Run] = {name: attempt.runs[at] for name, at in facts.get("trials", {}).items()}
        self.notes: Mapping[str, list[dict[str, Any]]] = facts.get("notes", {})
        self.notified: Mapping[str, str | None] = facts.get("notified", {})
        self.told: Mapping[str, str | None] = facts.get("told", {})
        self._said: Mapping[str, list[str]] = facts.get("said", {})

    def of(self, exercise: str, stage: str, word: str = "begins") -> list[dict[str, Any]]:
        """Return what a stage noted in a run, in the order of time."""
        notes = self.notes.get(exercise, ())
        found = [note for note in notes if note["stage"] == stage and note["word"] == word]
        return sorted(found, key=lambda note: float(note["at"]))

    def count(self, exercise: str, stage: str) -> int:
        """Return how often a stage began in a run."""
        return len(self.of(exercise, stage))

    def traced(self, exercise: str, stage: str) -> int | None:
        """Return how often the trace has a stage; None where the run was not traced."""
        run = self.runs.get(exercise)
        if run is None or not run.traced:
            return None
        return sum(body.stage == stage for body in run.bodies)

    def last(self, exercise: str) -> str:
        """Return the last line that a run said."""
        said = self._said.get(exercise, ())
        return said[-1] if said else "it said nothing"

    def well(self, exercise: str) -> bool:
        """Whether a run ended well."""
        return exercise in self.runs and self.runs[exercise].ended.well


def _at_once(seen: Seen, exercise: str) -> int:
    """Return how many scores went on at the same time, at most."""
    moments = [(float(note["at"]), 1) for note in seen.of(exercise, "score")]
    moments += [(float(note["at"]), -1) for note in seen.of(exercise, "score", "ends")]
    now = most = 0
    for _, step in sorted(moments):
        now += step
        most = max(most, now)
    return most


def _cache(seen: Seen, _: Seen) -> Finding:
    first, again = seen.count("after", "train"), seen.count("again", "train")
    if first == 1 and again == 0 and seen.count("again", "report") == 1:
        return Finding(TAKES_EFFECT, "in the second run the body did not run again, and what follows did")
    return Finding(IGNORED, f"the body ran {first} times in the first run, and {again} in the second")


def _retries(seen: Seen, _: Seen) -> Finding:
    tried = [float(note["at"]) for note in seen.of("flaky", "assess")]
    gaps = [later - sooner for sooner, later in pairwise(tried)]
    shown = f"tried {len(tried)} times, {' and '.join(f'{gap:.1f} s' for gap in gaps) or 'nothing'} apart"
    if len(tried) <= 1:
        return Finding(IGNORED, f"{shown}; two more tries were asked for")
    if len(tried) < TRIES or not seen.well("flaky"):
        return Finding(PARTLY, f"{shown}; the run ended with {seen.runs['flaky'].ended.how}")
    short = any(gap < wait - EARLY_S for gap, wait in zip(gaps, WAITS_S, strict=False))
    # On a busy machine a new process may take as long as a wait, but then each of them does.
    if short or gaps[1] < gaps[0] + GROWTH_S:
        return Finding(PARTLY, f"{shown}; 1 s and then 2 s were asked for")
    return Finding(TAKES_EFFECT, shown)


def _timeout(seen: Seen, _: Seen) -> Finding:
    if not seen.of("hanging", "assess", "woke"):
        began = seen.of("hanging", "assess")
        if not began:
            return Finding(IGNORED, "the stage that was to hang never ran")
        return Finding(TAKES_EFFECT, "the body that hung was ended; it had 2 s, and would have taken 12")
    if seen.well("hanging"):
        return Finding(IGNORED, "the body went on for 12 s, and the run ended well; it had 2 s")
    return Finding(PARTLY, "the run failed, but only after the body had gone on for 12 s; it had 2 s")


def _resources(seen: Seen, control: Seen) -> Finding:
    here, free = seen.of("after", "assess"), _before(control, "assess")
    cpu = bool(here and free) and here[0]["processors"] < free[0]["processors"]
    memory = bool(seen.of("greedy", "assess")) and not seen.of("greedy", "assess", "holds")
    shown = f"the stage {'has fewer' if cpu else 'has all'} processors, and {'got no' if memory else 'got'} 600 MB"
    if cpu and memory:
        return Finding(TAKES_EFFECT, shown)
    return Finding(PARTLY if cpu or memory else IGNORED, f"{shown}; it asked for 1 and for 256 MB")


def _gpu(seen: Seen, control: Seen) -> Finding:
    here, free = seen.of("after", "assess"), _before(control, "assess")
    if here and free and any(here[0][what] != free[0][what] for what in ("graphics", "visible")):
        return Finding(TAKES_EFFECT, "the stage sees another set of graphics processors than the others")
    return Finding(IGNORED, "the stage that asked for a graphics processor ran just like the others")


def _image(seen: Seen, _: Seen) -> Finding:
    here, others = seen.of("after", "assess"), seen.of("after", "gather")
    if here and others and here[0]["python"] != others[0]["python"]:
        return Finding(TAKES_EFFECT, "the stage ran in an environment of its own")
    return Finding(IGNORED, "the stage ran with the interpreter and the packages of all others")


def _fan_out(seen: Seen, _: Seen) -> Finding:
    bodies = {exercise: seen.traced(exercise, "score") for exercise in ("after", "fewer")}
    shown = f"{_at_once(seen, 'after')} at once"
    for exercise, number in bodies.items():
        if number is not None and number != seen.count(exercise, "score"):
            return Finding(
                IGNORED, f"the trace has {number} bodies of {seen.count(exercise, 'score')} items"
            )
    if (seen.count("after", "score"), seen.count("fewer", "score")) != (6, 4):
        return Finding(IGNORED, "the number of bodies does not follow the list")
    return Finding(TAKES_EFFECT, f"a body for each item of lists of 6 and of 4, {shown}")


def _limited(seen: Seen, _: Seen) -> Finding:
    most = _at_once(seen, "after")
    if most > LIMIT:
        return Finding(IGNORED, f"{most} bodies at once; {LIMIT} were asked for")
    if most < LIMIT:
        return Finding(
            PARTLY, f"never more than {most} body at once: the limit of {LIMIT} is never reached"
        )
    return Finding(TAKES_EFFECT, f"{most} bodies at once, and never more")


def _condition(seen: Seen, _: Seen) -> Finding:
    above, below = seen.count("after", "report"), seen.count("below", "report")
    if below:
        return Finding(IGNORED, "the report was written although the metric was below the threshold")
    if not seen.well("below") or seen.count("below", "assess") != 1:
        return Finding(PARTLY, f"below the threshold the run failed: {seen.last('below')}")
    if above != 1:
        return Finding(PARTLY, "the report was not written above the threshold either")
    return Finding(TAKES_EFFECT, "reported above the threshold, not below it, and both runs ended well")


def _new_stage(seen: Seen, _: Seen) -> Finding:
    number = seen.traced("after", "tidy")
    if number not in (None, 1):
        return Finding(IGNORED, f"the new stage ran {number} times")
    run = seen.runs["after"]
    order = [body.stage for body in run.bodies if body.stage in ("gather", "tidy", "train")]
    if run.traced and order != ["gather", "tidy", "train"]:
        return Finding(PARTLY, f"the new stage is not between the two: {', '.join(order)}")
    return Finding(TAKES_EFFECT, "the new stage ran between the two")


def _swap_model(seen: Seen, _: Seen) -> Finding:
    if seen.count("after", "train"):
        return Finding(IGNORED, "the model of before was trained")
    return Finding(TAKES_EFFECT, "the other model was trained, and not the one of before")


def _sub_pipeline(seen: Seen, _: Seen) -> Finding:
    times = {stage: seen.count("after", stage) for stage in ("gather", "train", "score_all", "assess")}
    if set(times.values()) != {2}:
        return Finding(
            IGNORED, f"its stages ran {', '.join(f'{name} {n}' for name, n in times.items())} times"
        )
    return Finding(TAKES_EFFECT, "each of its stages ran twice, with data of its own")


def _schedule(seen: Seen, _: Seen) -> Finding:
    times = seen.count("scheduled", "gather")
    run = seen.runs["scheduled"]
    lasted = f"{(run.seconds('exit') or 0.0):.0f} s"
    if times > 1:
        return Finding(TAKES_EFFECT, f"it ran {times} times in {lasted}, by itself")
    if times == 1 and run.ended.stopped_by == "time":
        return Finding(PARTLY, f"it ran once in {lasted}, although it was to run again and again")
    ended = "the command then ended" if run.ended.stopped_by is None else f"{lasted} went by"
    return Finding(IGNORED, f"it ran {'once' if times else 'never'}, and {ended}")


def _notify(seen: Seen, _: Seen) -> Finding:
    if not seen.notified.get("failing"):
        return Finding(IGNORED, "the run failed, and nobody was told")
    if seen.notified.get("after"):
        return Finding(PARTLY, "told of the failure, and of a run that ended well just so")
    told = " ".join(str(seen.notified["failing"]).split())
    return Finding(TAKES_EFFECT, f"told of the failure alone: {told}")


def _shell(seen: Seen, _: Seen) -> Finding:
    if not seen.well("after"):
        return Finding(IGNORED, f"the run failed: {seen.last('after')}")
    return Finding(TAKES_EFFECT, "the command ran after the report, and wrote what it had to")


def _approval(seen: Seen, _: Seen) -> Finding:
    if seen.count("unanswered", "report"):
        return Finding(IGNORED, "the report was written although nobody had agreed")
    if not seen.count("agreed", "report"):
        return Finding(PARTLY, "the report was held back, and not written after somebody had agreed either")
    return Finding(TAKES_EFFECT, "the report waited for a person, and was written once one had agreed")


def _dynamic(seen: Seen, _: Seen) -> Finding:
    times = [seen.traced(exercise, "refine") for exercise in ("after", "fewer")]
    if None not in times and times != [6, 4]:
        return Finding(IGNORED, f"the stage ran {times[0]} and {times[1]} times; 6 and 4 were asked for")
    return Finding(TAKES_EFFECT, "as many stages one after the other as the data ask for: 6, and 4")


def _environments(seen: Seen, _: Seen) -> Finding:
    days = [note["day"] for exercise in ("dev", "prod") for note in seen.of(exercise, "gather")]
    if days == ["2026-01-07", "2026-01-05"]:
        return Finding(TAKES_EFFECT, "each environment ran with its own setting")
    return Finding(IGNORED, f"the two environments ran with {', '.join(days) or 'nothing'}")


def _part(seen: Seen, _: Seen) -> Finding:
    ran = [
        stage for stage in ("gather", "train", "score_all", "assess", "report") if seen.count("part", stage)
    ]
    shown = f"of five stages {', '.join(ran) or 'none'} ran; asked for were those from assess on"
    if "gather" in ran or "train" in ran or "assess" not in ran:
        return Finding(IGNORED, shown)
    if ran == ["assess", "report"] and seen.well("part"):
        return Finding(TAKES_EFFECT, shown)
    return Finding(PARTLY, shown)


def _backfill(seen: Seen, _: Seen) -> Finding:
    days = sorted(note["day"] for note in seen.of("range", "gather"))
    if days == DAYS and seen.well("range"):
        return Finding(TAKES_EFFECT, "one command ran all three days")
    return Finding(PARTLY if len(days) > 1 else IGNORED, f"ran for {', '.join(days) or 'no day'}, of three")


def _before(control: Seen, stage: str) -> list[dict[str, Any]]:
    """Return what a stage of the control noted before the change."""
    return next((control.of(name, stage) for name in control.runs if name.startswith("before")), [])


CHECKS: dict[str, Callable[[Seen, Seen], Finding]] = {
    "cache": _cache,
    "retries": _retries,
    "timeout": _timeout,
    "resources": _resources,
    "gpu": _gpu,
    "image": _image,
    "fan-out": _fan_out,
    "limited-concurrency": _limited,
    "condition": _condition,
    "new-stage": _new_stage,
    "swap-model": _swap_model,
    "sub-pipeline": _sub_pipeline,
    "schedule": _schedule,
    "notify": _notify,
    "shell": _shell,
    "approval": _approval,
    "dynamic": _dynamic,
    "environments": _environments,
    "part": _part,
    "backfill": _backfill,
}
"""By the name of the case."""
