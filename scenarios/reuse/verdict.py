"""Words and numbers of the reuse scenario: pure functions over stored facts."""

from collections.abc import Iterable

import msgspec

from bench.contract.records import Attempt, Run
from bench.judging.full_runs import RUN_WORDS, Expected, judge_full_runs, undelivered
from bench.judging.steadiness import same_results
from bench.judging.verdicts import Sample, Verdict, Word, error
from bench.pipeline import Pipeline

WORDS = (
    *RUN_WORDS,
    Word("all reused", "only the last stage ran again, and what came out is right", 1.0, good=True),
    Word("partly reused", "some stages ran again, and what came out is right", 0.5, good=True),
    Word("nothing reused", "every stage ran again, and what came out is right", 0.0, good=True),
)
IDLE_TASKS = 10


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Judge the first run as any; the second by its output, and by which bodies ran in it."""
    first = judge_full_runs(msgspec.structs.replace(attempt, runs=attempt.runs[:1]), control, pipeline)
    expected = Expected.of(control, pipeline)
    again = _again(attempt)
    if first.outcome != "measured" or again is None or expected is None:
        return first
    if not again.ended.well:
        return Verdict(attempt.trial, "failed", "crashed", "the run that was to reuse results failed")
    lost = undelivered(again, expected.run, expected.left_out)
    if lost is not None:
        return Verdict(attempt.trial, "failed", "crashed", f"the run that was to reuse results {lost}")
    if again.trace_broken is not None:
        return error(attempt, f"the trace cannot be believed: {again.trace_broken}")
    different = same_results(again, expected.run, expected.left_out)
    if different is not None:
        return Verdict(
            attempt.trial, "failed", "wrong output", f"the second run ended well, but {different}"
        )
    if not again.traced:
        return first
    ran = {body.stage for body in again.bodies}
    if pipeline.sentinel.name not in ran or again.unannounced:
        return error(attempt, "the last stage was not seen to run, so nothing is proved")
    in_vain = [stage for stage in pipeline.stages if stage in ran and stage != pipeline.sentinel.name]
    if not in_vain:
        return Verdict(attempt.trial, "measured", "all reused", "only the last stage ran again")
    word = "nothing reused" if len(in_vain) == len(pipeline.stages) - 1 else "partly reused"
    return Verdict(attempt.trial, "measured", word, f"ran again: {', '.join(in_vain)}")


def _again(attempt: Attempt) -> Run | None:
    """Return the run that was to reuse results."""
    return next((run for run in attempt.runs if run.role == "reused"), None)


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:
    """Return the numbers of one attempt; those of reuse only where all was reused that can be."""
    fresh, again = attempt.runs[0], _again(attempt) or attempt.runs[0]
    ran = {body.stage for body in again.bodies} - {pipeline.sentinel.name}
    first, second = fresh.seconds("exit"), again.seconds("exit")
    found: list[tuple[int, str, float | None]] = [(0, "first_run", first)]
    if not ran:
        found.append((1, "reused_run", second))
    if not ran and attempt.trial.case == "idle" and first is not None and second is not None:
        found.append((1, "hit", (second - first) / IDLE_TASKS))
    if attempt.trial.case.startswith("table"):
        found.append((0, "stored", _between(fresh, pipeline)))
        if not ran:
            found.append((1, "loaded", _until(again, pipeline.sentinel.name)))
    for run, indicator, value in found:
        if value is not None:
            yield Sample(attempt.trial, attempt.number, run, indicator, "s", value)


def _between(run: Run, pipeline: Pipeline) -> float | None:
    """Return the seconds from the end of the last body before the last stage to its start."""
    starts = [body.start for body in run.bodies if body.stage == pipeline.sentinel.name]
    ends = [body.end for body in run.bodies if body.stage != pipeline.sentinel.name and body.end]
    return (starts[0] - max(ends)) / 1e9 if starts and ends else None


def _until(run: Run, stage: str) -> float | None:
    starts = [body.start for body in run.bodies if body.stage == stage]
    return (starts[0] - run.marks["spawn"]) / 1e9 if starts else None
