"""The five outcomes, and what all scenarios judge alike, as pure functions over stored facts.

Each scenario's own words stand in its ``verdict.py``; the words here are those of a run that was
expected to execute every stage and deliver what the control delivers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

import msgspec

from bench.contract.pipeline import Pipeline
from bench.contract.records import Attempt, Run, Trial

__all__ = [
    "NO_CONTROL",
    "UNJUDGED",
    "Outcome",
    "Sample",
    "Transit",
    "Verdict",
    "Word",
    "common",
    "error",
    "in_transit",
    "inside_bodies",
    "judge_full_runs",
    "memory_method",
    "needs_again",
]

Outcome = Literal["measured", "failed", "unsupported", "error", "not attempted"]


UNJUDGED: tuple[Outcome, ...] = ("unsupported", "not attempted", "error")
"""Outcomes in which no word says how well a tool does."""


@dataclass(frozen=True)
class Word:
    """A scenario's word for what it found. ``value`` from 0 (worst) to 1; ``good`` ones are not retried.

    traced_only: only a traced run can show it, so a run without the tracer says nothing against it.
    """

    name: str
    meaning: str
    value: float
    good: bool = False
    traced_only: bool = False


RUN_WORDS = (
    Word("right", "every stage ran and what came out equals the control's", 1.0, good=True),
    Word("crashed", "the command ended with an exit code other than 0", 0.0),
    Word("timed out", "the command did not end within its time limit", 0.0),
    Word("out of memory", "the command used more than its memory limit, and was ended", 0.0),
    Word("flooded", "the command wrote more than its output limit, and was ended", 0.0),
    Word("wrong output", "the command ended well, but what came out differs from the control's", 0.0),
    Word(
        "never ran",
        "the command ended well, but a stage's body was never executed",
        0.0,
        traced_only=True,
    ),
)

STOPPED = {"time": "timed out", "memory": "out of memory", "output": "flooded"}
_start = attrgetter("start")
NO_CONTROL = "the control has no good run of this case to compare with"
OF_MEMORY = ("peak_memory", "parts_held")
"""Indicators that are read from the memory that a run used."""
UNDESCRIBED = "undescribed"
"""Kind of a digest of a value that could not be described; two of them are never equal."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What a trial shows. ``words``: per stage or value, where the scenario has them.

    confirms: words of a traced attempt that this one, seen only from outside, shows again. credit: by the
    name of a word in ``words``, the share of its value that it is worth, where that is not all of it.
    """

    trial: Trial
    outcome: Outcome
    word: str
    sentence: str
    words: Mapping[str, str] = {}
    confirms: frozenset[str] = frozenset()
    credit: Mapping[str, float] = {}

    def shows(self, word: str) -> bool:
        """Whether it says this word, or what can be seen of it from outside."""
        return word == self.word or word in self.confirms


class Sample(msgspec.Struct, frozen=True, gc=False):
    """One number, and where it comes from: the ``run``-th run of an attempt.

    of_failure: whether it counts also where the trial failed, because it says how. method: how it was read, where
    there are several ways; samples of two ways are never compared.
    """

    trial: Trial
    attempt: int
    run: int
    indicator: str
    unit: str
    value: float
    of_failure: bool = False
    method: str = ""


def memory_method(run: Run, indicator: str) -> str:
    """Return how the memory of a run was read, for an indicator that is of memory; else nothing."""
    return run.usage.peak_method if indicator in OF_MEMORY else ""


def _limit(run: Run) -> str:
    """Return the limit at which a run was ended, in words; nothing where it is not known."""
    if run.ended.stopped_by == "time":
        return f" of {run.command.time_limit:.0f} s"
    if run.ended.stopped_by == "memory" and run.command.memory_limit is not None:
        return f" of {run.command.memory_limit / 1e9:.1f} GB"
    return ""


def error(attempt: Attempt, why: str) -> Verdict:
    """Return the verdict of a trial of which nothing can be said, for a reason that is not the tool's."""
    return Verdict(attempt.trial, "error", "error", why)


def common(attempt: Attempt) -> Verdict | None:
    """Return the verdict of a trial that was not run, or whose harness failed; None if it was run."""
    if attempt.fault is not None:
        return error(attempt, f"{attempt.fault.where}: {attempt.fault.reason}")
    if attempt.declared is not None:
        return Verdict(
            attempt.trial, attempt.declared.outcome, attempt.declared.outcome, attempt.declared.reason
        )
    return None


def judge_full_runs(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Judge runs that each had to execute every stage and deliver what the control delivers.

    control: the control's attempt of the same case; its first run gives the expected files. The worst
    run's word is the trial's.
    """
    early = common(attempt)
    if early is not None:
        return early
    expected = _expected(control)
    if expected is None:
        return error(attempt, NO_CONTROL)
    if not attempt.runs:
        return error(attempt, "nothing was run")
    for run in attempt.runs:
        word, sentence = _judge_run(run, expected, pipeline)
        if word == "error":
            return error(attempt, sentence)
        if word != "right":
            return Verdict(attempt.trial, "failed", word, sentence)
    return Verdict(attempt.trial, "measured", "right", "every stage ran and the output is the control's")


def needs_again(verdict: Verdict) -> bool:
    """Whether the trial has to be tried again, alone and without the tracer."""
    return verdict.outcome == "failed"


def _expected(control: Attempt | None) -> Run | None:
    if control is None or control.fault is not None:
        return None
    return next((run for run in control.runs if run.ended.well and run.result_digest), None)


def _judge_run(run: Run, expected: Run, pipeline: Pipeline) -> tuple[str, str]:
    which = f"the {run.role} run"
    if run.ended.stopped_by is not None:
        word = STOPPED[run.ended.stopped_by]
        limit = _limit(run)
        return word, f"{which} was ended at its {run.ended.stopped_by} limit{limit}"
    if not run.ended.well:
        return "crashed", f"{which} ended with {run.ended.how}"
    if run.trace_broken is not None:
        return "error", f"the trace of {which} cannot be believed: {run.trace_broken}"
    missing = _missing_bodies(run, pipeline)
    if missing and run.unannounced:
        return "error", (
            f"{which} left no event of {missing[0]}, but started Python without the tracer "
            f"({' '.join(run.unannounced[0])[:80]}), so nothing can be said"
        )
    if run.result_digest != expected.result_digest:
        return "wrong output", f"{which} ended well, but {_difference(run, expected)}"
    if missing:
        return "never ran", f"{which} ended well, but {', '.join(missing)} was never executed"
    return _judge_delivered(run, expected, which)


def _judge_delivered(run: Run, expected: Run, which: str) -> tuple[str, str]:
    """Compare what stages returned in a verifying run with what the control's returned."""
    if not run.traced or run.role != "verifying":
        return "right", ""
    for name, digest in expected.delivered.items():
        delivered = run.delivered.get(name)
        if delivered is None or UNDESCRIBED in (delivered.kind, digest.kind):
            return "error", f"{which}: {name} could not be compared with the control's"
        if delivered.value != digest.value:
            return "wrong output", f"{which}: {name} differs from the control's"
    for name in expected.received:
        if name not in run.received or run.received[name].kind == UNDESCRIBED:
            return "error", f"{which}: what {name} was given was not seen"
    return "right", ""


def _missing_bodies(run: Run, pipeline: Pipeline) -> list[str]:
    """Return stages without a completed body; empty where the run was not traced."""
    if not run.traced:
        return []
    done = {body.stage for body in run.bodies if body.end is not None and body.error is None}
    return [] if done.issuperset(pipeline.stages) else [one for one in pipeline.stages if one not in done]


def _difference(run: Run, expected: Run) -> str:
    for name, digest in expected.result_digest.items():
        if name not in run.result_digest:
            return f"wrote no {name}"
        if run.result_digest[name] != digest:
            return f"its {name} differs from the control's"
    extra = sorted(set(run.result_digest) - set(expected.result_digest))
    return f"wrote {extra[0]}, which the control does not"


@dataclass(frozen=True)
class Transit:
    """One value on its way from the stage that returned it to one that was given it.

    altered: names of its parts that are no longer equal; retyped: of those that are equal, but of
    another type, order or index.
    """

    value: str
    consumer: str
    altered: tuple[str, ...]
    retyped: tuple[str, ...]


def in_transit(run: Run, pipeline: Pipeline) -> Iterable[Transit]:
    """Compare what each stage was given with what its producer returned, part by part.

    Values that are gathered from a mapped stage, or handed out to one, are left out: no single call
    returned or received them.
    """
    for stage in pipeline.stages.values():
        for argument, name in stage.inputs.items():
            producer = pipeline.producer(name)
            given = run.received.get(f"{stage.name}.{argument}")
            if producer is None or given is None or producer.over or stage.over:
                continue
            returned = run.delivered.get(f"{producer.name}.{name}")
            if returned is None:
                continue
            altered, retyped = [], []
            for part in sorted({*returned.parts, *given.parts}):
                before, after = returned.parts.get(part), given.parts.get(part)
                if before is None or after is None or before[1] != after[1]:
                    altered.append(part)
                elif before[0] != after[0]:
                    retyped.append(part)
            if not altered and returned.value != given.value:
                altered.append("the whole")
            elif not altered and not retyped and returned.strict != given.strict:
                retyped.append("the whole")
            yield Transit(name, f"{stage.name}.{argument}", tuple(altered), tuple(retyped))


def inside_bodies(run: Run) -> float:
    """Return the seconds in which at least one body ran; bodies side by side count once."""
    total, until = 0, 0
    for body in sorted(run.bodies, key=_start):
        end = body.end or body.start
        if end > until:
            total += end - max(body.start, until)
            until = end
    return total / 1e9
