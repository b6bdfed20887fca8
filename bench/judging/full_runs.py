"""Judges runs that had to execute every stage and to deliver what the control delivers.

The words here are those of all scenarios that ask this. Others have words of their own in their ``verdict.py``.
"""

from operator import attrgetter

from bench.contract.pipeline import Pipeline
from bench.contract.records import Attempt, Run
from bench.judging.verdicts import Verdict, Word, common, error

__all__ = ["NO_CONTROL", "RUN_WORDS", "STOPPED", "inside_bodies", "judge_full_runs"]

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
NO_CONTROL = "the control has no good run of this case to compare with"
UNDESCRIBED = "undescribed"
"""Kind of a digest of a value that could not be described; two of them are never equal."""
_start = attrgetter("start")


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


def _expected(control: Attempt | None) -> Run | None:
    if control is None or control.fault is not None:
        return None
    return next((run for run in control.runs if run.ended.well and run.result_digest), None)


def _judge_run(run: Run, expected: Run, pipeline: Pipeline) -> tuple[str, str]:
    which = f"the {run.role} run"
    if run.ended.stopped_by is not None:
        word = STOPPED[run.ended.stopped_by]
        return word, f"{which} was ended at its {run.ended.stopped_by} limit{_limit(run)}"
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


def _limit(run: Run) -> str:
    """Return the limit at which a run was ended, in words; nothing where it is not known."""
    if run.ended.stopped_by == "time":
        return f" of {run.command.time_limit:.0f} s"
    if run.ended.stopped_by == "memory" and run.command.memory_limit is not None:
        return f" of {run.command.memory_limit / 1e9:.1f} GB"
    return ""


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


def inside_bodies(run: Run) -> float:
    """Return the seconds in which at least one body ran; bodies side by side count once."""
    total, until = 0, 0
    for body in sorted(run.bodies, key=_start):
        end = body.end or body.start
        if end > until:
            total += end - max(body.start, until)
            until = end
    return total / 1e9
