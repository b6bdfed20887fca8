"""Words and numbers of the overhead scenario: pure functions over stored facts."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median

from bench.contract.records import Attempt, Run
from bench.judging.full_runs import RUN_WORDS, inside_bodies, judge_full_runs
from bench.judging.verdicts import Sample, Verdict, memory_method
from bench.pipeline import Pipeline

MEGABYTE = 1e6
WORDS = RUN_WORDS


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Count a timing only if every stage ran and the output is the control's."""
    return judge_full_runs(attempt, control, pipeline)


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:
    """Return the numbers of one attempt."""
    run = attempt.runs[0]
    for indicator, unit, value in _of_run(run):
        method = memory_method(run, indicator)
        yield Sample(attempt.trial, attempt.number, 0, indicator, unit, value, method=method)
    gaps = _gaps(run)
    # Mapped tasks may run side by side, in any order: there is no next one.
    if gaps and not any(stage.over for stage in pipeline.stages.values()):
        indicator = "handover" if pipeline.name == "noise" else "between"
        yield Sample(attempt.trial, attempt.number, 0, indicator, "s", median(gaps))


def _of_run(run: Run) -> Iterator[tuple[str, str, float]]:
    whole = run.seconds("exit")
    if whole is not None:
        yield "whole_run", "s", whole
        yield "outside_bodies", "s", whole - inside_bodies(run)
    yield "cpu", "s", run.usage.user_s + run.usage.system_s
    if run.usage.peak_bytes is not None:
        yield "peak_memory", "MB", run.usage.peak_bytes / MEGABYTE


def _gaps(run: Run) -> list[float]:
    """Return the seconds from the end of each body to the start of the next."""
    bodies = sorted(run.bodies, key=lambda body: body.start)
    return [
        (after.start - before.end) / 1e9 for before, after in pairwise(bodies) if before.end is not None
    ]
