"""Judges runs that had to execute every stage and to deliver what the control delivers.

The words here are those of all scenarios that ask this. Others have words of their own in their ``verdict.py``.
"""

from dataclasses import dataclass
from operator import attrgetter

from bench.contract.pipeline import Pipeline
from bench.contract.records import Attempt, Digest, Run
from bench.judging.steadiness import Unsteady, covered, differing, same_results, unsteady
from bench.judging.verdicts import Verdict, Word, common, error

__all__ = [
    "NO_CONTROL",
    "RUN_WORDS",
    "STOPPED",
    "Expected",
    "inside_bodies",
    "judge_full_runs",
    "undelivered",
]

RUN_WORDS = (
    Word("right", "every stage ran and what came out equals the control's", 1.0, good=True),
    Word("crashed", "the command ended with an exit code other than 0, or without any output", 0.0),
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
UNDESCRIBED, UNSEEN = "undescribed", "unseen"
"""Kinds of digests: of a value that cannot be described, and of one that was not seen."""
FRESH = ("fresh", "verifying")
"""Roles of runs in which nothing of an earlier run may be reused."""
_start = attrgetter("start")


def judge_full_runs(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Judge runs that each had to execute every stage and deliver what the control delivers.

    control: the control's attempt of the same case; its first run gives the expected files, and what differs
    between its runs is left out. A stage that the control did not run has not to be run. In the state of an
    earlier run a tool may reuse what that has run. The worst run's word is the trial's.
    """
    early = common(attempt)
    if early is not None:
        return early
    expected = Expected.of(control, pipeline)
    if expected is None:
        return error(attempt, NO_CONTROL)
    if not attempt.runs:
        return error(attempt, "nothing was run")
    ran: set[str] = set()
    for run in attempt.runs:
        if run.role in FRESH:
            ran = set()
        ran |= _done(run)
        word, sentence = _judge_run(run, expected, ran)
        if word == "error":
            return error(attempt, sentence)
        if word != "right":
            return Verdict(attempt.trial, "failed", word, sentence)
    return Verdict(attempt.trial, "measured", "right", "every stage ran and the output is the control's")


@dataclass(frozen=True)
class Expected:
    """What a good run delivers.

    run: the control's first good one. stages: that ran in all its runs. left_out: what differs between them.
    """

    run: Run
    stages: tuple[str, ...]
    left_out: Unsteady

    @classmethod
    def of(cls, control: Attempt | None, pipeline: Pipeline) -> "Expected | None":
        """Return it; None where the control has no good run."""
        if control is None or control.fault is not None:
            return None
        good = [run for run in control.runs if run.ended.well and run.result_digest]
        if not good:
            return None
        traced = [_done(run) for run in good if run.traced and run.trace_broken is None and run.bodies]
        ran = set.intersection(*traced) if traced else set(pipeline.stages)
        stages = tuple(stage for stage in pipeline.stages if stage in ran)
        return cls(good[0], stages, unsteady(control, pipeline))


def _judge_run(run: Run, expected: Expected, ran: set[str]) -> tuple[str, str]:
    """Return the word of a run. ran: the stages that ran in it, or before in the same state."""
    which = f"the {run.role} run"
    if run.ended.stopped_by is not None:
        word = STOPPED[run.ended.stopped_by]
        return word, f"{which} was ended at its {run.ended.stopped_by} limit{_limit(run)}"
    if not run.ended.well:
        return "crashed", f"{which} ended with {run.how}"
    if run.trace_broken is not None:
        return "error", f"the trace of {which} cannot be believed: {run.trace_broken}"
    missing = [stage for stage in expected.stages if stage not in ran] if run.traced else []
    if missing and run.unannounced:
        return "error", (
            f"{which} left no event of {missing[0]}, but started Python without the tracer "
            f"({' '.join(run.unannounced[0])[:80]}), so nothing can be said"
        )
    lost = undelivered(run, expected.run, expected.left_out)
    if lost is not None:
        return "crashed", f"{which} {lost}"
    different = same_results(run, expected.run, expected.left_out)
    if different is not None:
        return "wrong output", f"{which} ended well, but {different}"
    if missing:
        return "never ran", f"{which} ended well, but {', '.join(missing)} was never executed"
    return _judge_delivered(run, expected, which)


def undelivered(run: Run, expected: Run, left_out: Unsteady) -> str | None:
    """Return that a run ended with exit code 0 and delivered nothing of what it should; None if it did.

    An exit code of 0 is not believed: a run without the output that it is made for has failed.
    """
    if left_out.names or not run.result_digest.keys().isdisjoint(expected.result_digest):
        return None
    first = next(iter(expected.result_digest))
    return f"ended with exit code 0, but failed: it did not write {first}"


def _done(run: Run) -> set[str]:
    """Return the stages that came to a good end in a run."""
    return {body.stage for body in run.bodies if body.end is not None and body.error is None}


def _limit(run: Run) -> str:
    """Return the limit at which a run was ended, in words; nothing where it is not known."""
    if run.ended.stopped_by == "time":
        return f" of {run.command.time_limit:.0f} s"
    if run.ended.stopped_by == "memory" and run.command.memory_limit is not None:
        return f" of {run.command.memory_limit / 1e9:.1f} GB"
    return ""


def _judge_delivered(run: Run, expected: Expected, which: str) -> tuple[str, str]:
    """Compare what stages returned in a verifying run with what the control's returned."""
    if not run.traced or run.role != "verifying":
        return "right", ""
    for name, digest in expected.run.delivered.items():
        if name.partition(".")[0] not in expected.stages:
            continue
        delivered = run.delivered.get(name)
        if delivered is None or _unseen(delivered) or _unseen(digest):
            return "error", f"{which}: {name} could not be compared with the control's"
        if UNDESCRIBED in (delivered.kind, digest.kind):
            continue
        if not covered(differing(digest, delivered), expected.left_out.of(name)):
            return "wrong output", f"{which}: {name} differs from the control's"
    for name in expected.run.received:
        if name.partition(".")[0] not in expected.stages:
            continue
        if name not in run.received or _unseen(run.received[name]):
            return "error", f"{which}: what {name} was given was not seen"
    return "right", ""


def _unseen(digest: Digest) -> bool:
    """Whether a value was not where the source map says; before its reason was kept, both had one kind."""
    return digest.kind == UNSEEN or (digest.kind == UNDESCRIBED and not digest.undescribed)


def inside_bodies(run: Run) -> float:
    """Return the seconds in which at least one body ran; bodies side by side count once."""
    total, until = 0, 0
    for body in sorted(run.bodies, key=_start):
        end = body.end or body.start
        if end > until:
            total += end - max(body.start, until)
            until = end
    return total / 1e9
