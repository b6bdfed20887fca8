"""Words and numbers of the recovery scenario: pure functions over stored facts.

A trial is judged in several respects, each with a word of its own; the trial's word is the worst of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from bench.contract.records import Attempt, BodyRun, Run
from bench.judging.full_runs import NO_CONTROL
from bench.judging.steadiness import Steady, between, covered, differing
from bench.judging.verdicts import Outcome, Sample, Verdict, Word, common, error, memory_method
from bench.pipeline import Pipeline

from .cases import GOING_ON, UNFINISHED

RECOVERED = "recovered"
WORDS = (
    Word(
        RECOVERED,
        "the right output in the end, and no body that had ended well before the fault ran again",
        1.0,
        good=True,
    ),
    Word("all kept", "no body that had ended well before the fault ran again", 1.0, good=True),
    Word("nothing to keep", "no body had ended well before the fault", 1.0, good=True),
    Word("right", "what was delivered in the end equals what the control delivers", 1.0, good=True),
    Word("truthful", "the tool's record says of the run what happened to it", 1.0, good=True),
    Word("as asked", "the setting did what it says", 1.0, good=True),
    Word("nothing goes on", "after the end of the command nothing of it went on", 1.0, good=True),
    Word("names the error", "what the command said contains the user's own error", 1.0, good=True),
    Word("names no error", "what the command said does not contain the user's own error", 1.0, good=True),
    Word("no record", "the tool, as declared, keeps no record of its runs", 1.0, good=True),
    Word(
        "kept in part", "some of the bodies that had ended well ran again", 0.7, good=True, traced_only=True
    ),
    Word(
        "says unfinished",
        "the record says that the run has not ended well; one that still runs looks just like it",
        0.6,
        good=True,
    ),
    Word("all over again", "every body that had ended well ran again", 0.4, good=True, traced_only=True),
    Word("left behind", "processes of the run were still there 5 s after the command had ended", 0.5),
    Word("too early", "retries came sooner than asked", 0.5),
    Word("goes on", "a stage went on, and ended, after the command had ended", 0.4, traced_only=True),
    Word("too few tries", "fewer retries than asked", 0.3),
    Word("body goes on", "the limit was told, but the body went on to its own end", 0.3),
    Word("lost record", "the tool keeps records of its runs, and has none of this one", 0.2),
    Word("says running", "the record says that a run which has ended is still going on", 0.2),
    Word("says failed", "the record says of a run that ended well that it failed", 0.2),
    Word("ignored", "the setting was accepted and did nothing", 0.1),
    Word(
        "doubled",
        "a stage that had to run once when the user went on ran more often",
        0.1,
        traced_only=True,
    ),
    Word("not recovered", "the command by which the user goes on did not end well", 0.0),
    Word("hangs", "the command did not end within its time limit", 0.0),
    Word("lost", "the command ended well and delivered nothing, or not all", 0.0),
    Word("says succeeded", "the record says of a run that failed that it ended well", 0.0),
    Word("wrong output", "the command ended well, but what it delivered differs from the control's", 0.0),
)
VALUES = {word.name: word for word in WORDS}
OF_FAILURES = frozenset(("work_again", "work_kept", "state_truthful", "parts_held"))
STATES = frozenset(("succeeded", "failed", "crashed", "cancelled", UNFINISHED, *GOING_ON))
"""What a record may say; anything else is a fault of the probe."""
EARLY_S = 0.05
"""How much a wait may be shorter than asked, for the two clocks."""


@dataclass(frozen=True)
class Work:
    """Seconds in bodies that had ended well before the fault: all of them, and those done again."""

    done: float
    again: float


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Judge work, output, record, setting and what went on; the worst is the trial's word.

    What differs by itself between the control's runs without the fault is not looked at.
    """
    early = common(attempt)
    if early is not None:
        return early
    truth = None if control is None else _run(control, "verifying")
    if truth is None or not truth.ended.well:
        return error(attempt, NO_CONTROL)
    first, resumed = _run(attempt, "fresh"), _run(attempt, "resumed")
    if first is None:
        return error(attempt, "nothing was run")
    # All runs of the control without the fault: what differs between them differs by itself.
    alike = () if control is None else (run for run in control.runs if run.role == "verifying")
    expected = Steady(truth, between(alike, pipeline))
    wrong = _unbelievable(attempt, first, resumed, expected, pipeline)
    if wrong is not None:
        return error(attempt, wrong)
    words = dict(_words(attempt, first, resumed, expected, pipeline))
    worst = min(words.values(), key=lambda word: (VALUES[word].value, -_position(word)))
    word = RECOVERED if VALUES[worst].value == 1.0 else worst
    outcome: Outcome = "measured" if VALUES[word].good else "failed"
    sentence = _sentence(word, words, first, resumed, pipeline, attempt)
    return Verdict(attempt.trial, outcome, word, sentence, words, frozenset(words.values()))


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:
    """Return seconds of work kept and done again, of the run that went on, and counts of what was right."""
    first, resumed = _run(attempt, "fresh"), _run(attempt, "resumed")
    if first is None:
        return
    number = attempt.runs.index(resumed or first)
    for indicator, unit, value in _numbers(attempt, first, resumed, pipeline):
        of_failure = indicator in OF_FAILURES
        method = memory_method(_run(attempt, "changed") or first, indicator)
        yield Sample(attempt.trial, attempt.number, number, indicator, unit, value, of_failure, method)


def _numbers(
    attempt: Attempt, first: Run, resumed: Run | None, pipeline: Pipeline
) -> Iterator[tuple[str, str, float]]:
    if resumed is not None:
        work = _work(attempt, first, resumed, pipeline)
        if work is not None:
            yield "work_again", "s", work.again
            yield "work_kept", "s", work.done - work.again
        seconds = resumed.seconds("exit")
        if seconds is not None:
            yield "resumed_run", "s", seconds
    state = _state(attempt, well=resumed is None)
    if state is not None and state != "no record":
        yield "state_truthful", "count", float(state == "truthful")
    yield from _parts_held(attempt)
    for stage in _calls(attempt):
        if first.traced:
            yield "items_finished", "count", float(len(_ended(first, stage)))


def _parts_held(attempt: Attempt) -> Iterator[tuple[str, str, float]]:
    """Yield how many parts were in memory at once: by how much the peak grew with the size of one."""
    runs = [run for run in attempt.runs if run.role == "changed"]
    sizes = attempt.facts.get("part_bytes")
    made = [
        stage for run in runs for stage, times in _calls(attempt).items() if _count(run, stage) == times
    ]
    if sizes is None or len(made) != len(runs) or not all(run.ended.well for run in runs):
        return
    small, large = (run.usage.peak_bytes for run in runs)
    one_way = len({run.usage.peak_method for run in runs}) == 1
    if small is not None and large is not None and one_way:
        yield "parts_held", "count", max(0, large - small) / (sizes[1] - sizes[0])


def _run(attempt: Attempt, role: str) -> Run | None:
    return next((run for run in attempt.runs if run.role == role), None)


def _unbelievable(
    attempt: Attempt, first: Run, resumed: Run | None, expected: Steady, pipeline: Pipeline
) -> str | None:
    """Return why nothing can be said of the tool: no trace to believe, or a fault that did not strike."""
    for run in (first, resumed):
        if run is not None and run.trace_broken is not None:
            return f"the trace of the {run.role} run cannot be believed: {run.trace_broken}"
    if resumed is not None and resumed.unannounced:
        return f"Python was started without the tracer: {' '.join(resumed.unannounced[0])[:80]}"
    if attempt.facts.get("strikes") and first.ended.well and expected.delivered_by(first):
        return "the fault was not felt: the first run ended well with the right output"
    if "refuses" in attempt.facts and attempt.facts["refuses"] is None:
        return "the fault was not felt: after the first run the disk took another output of that size"
    asked = any(stage.retries or stage.timeout for stage in pipeline.stages.values())
    if asked and not any(word == "tried" for word, _ in attempt.facts.get("notes", [])):
        return "the fault was not felt: the stage that states the setting was never tried"
    told = [one["state"] for one in attempt.facts.get("states") or ()]
    unknown = [state for state in told if state is not None and state not in STATES]
    if unknown:
        return f"the probe told a state that there is not: '{unknown[0]}'"
    return None


def _position(word: str) -> int:
    return [one.name for one in WORDS].index(word)


def _words(
    attempt: Attempt, first: Run, resumed: Run | None, expected: Steady, pipeline: Pipeline
) -> Iterator[tuple[str, str]]:
    """Yield the word of each respect. expected: the control's run, and what differs in it by itself."""
    if first.ended.stopped_by == "time":
        yield "end", "hangs"
    output = _output(resumed or first, expected)
    yield "output", output
    if resumed is not None:
        work = _work(attempt, first, resumed, pipeline)
        if work is not None:
            yield "work", _kept(work)
        if any(_count(resumed, stage) > _times(attempt, stage) for stage in pipeline.stages):
            yield "side effects", "doubled"
    setting = _setting(attempt, first, pipeline)
    if setting is not None:
        yield "setting", setting
    yield "afterwards", _afterwards(first)
    state = _state(attempt, well=resumed is None and output == "right")
    if state is not None:
        yield "state", state
    named = attempt.facts.get("said", {}).get("names_error")
    if named is not None and not first.ended.well:
        yield "message", "names the error" if named else "names no error"


def _output(run: Run, expected: Steady) -> str:
    if run.ended.stopped_by == "time":
        return "hangs"
    if not run.ended.well:
        return "not recovered"
    truth, left_out = expected.run, expected.left_out
    if not left_out.names and set(truth.result_digest) - set(run.result_digest):
        return "lost"
    altered = any(
        name in run.delivered
        and digest.kind not in ("calls", "undescribed")
        and run.delivered[name].kind != "undescribed"
        and not covered(differing(digest, run.delivered[name]), left_out.of(name))
        for name, digest in truth.delivered.items()
    )
    return "right" if expected.delivered_by(run) and not altered else "wrong output"


def _work(attempt: Attempt, first: Run, resumed: Run, pipeline: Pipeline) -> Work | None:
    """Return the work of stages that had ended well in the first run; None where it was not seen.

    Of a mapped stage, every call beyond those that were still missing was done again.
    """
    if not (first.traced and resumed.traced):
        return None
    done = again = 0.0
    for stage, about in pipeline.stages.items():
        ended = _ended(first, stage)
        # What publishes is to run in every run, and what could not be written could not be kept.
        if not ended or not about.cached or stage == attempt.facts.get("loses"):
            continue
        mean = sum((body.end or body.start) - body.start for body in ended) / len(ended) / 1e9
        missing = max(0, _times(attempt, stage) - len(ended))
        repeated = min(len(ended), max(0, _count(resumed, stage) - missing))
        done += mean * len(ended)
        again += mean * repeated
    return Work(done, again)


def _kept(work: Work) -> str:
    if work.done == 0.0:
        return "nothing to keep"
    if work.again == 0.0:
        return "all kept"
    return "all over again" if work.again >= work.done * 0.999 else "kept in part"


def _ended(run: Run, stage: str) -> list[BodyRun]:
    """Return the calls of a stage that ended well while the command was still there."""
    exit_ = run.marks.get("exit")
    return [
        body
        for body in run.bodies
        if body.stage == stage
        and body.end is not None
        and body.error is None
        and (exit_ is None or body.end <= exit_)
    ]


def _count(run: Run, stage: str) -> int:
    return sum(body.stage == stage for body in run.bodies)


def _calls(attempt: Attempt) -> dict[str, int]:
    calls: dict[str, int] = attempt.facts.get("calls", {})
    return calls


def _times(attempt: Attempt, stage: str) -> int:
    return _calls(attempt).get(stage, 1)


def _setting(attempt: Attempt, first: Run, pipeline: Pipeline) -> str | None:
    """Return whether retries or a time limit did what they say, by what the stage itself noted."""
    notes = attempt.facts.get("notes", [])
    stage = next((one for one in pipeline.stages.values() if one.retries or one.timeout), None)
    if stage is None:
        return None
    if stage.timeout is not None:
        if all(word != "woke" for word, _ in notes):
            return "as asked"
        return "ignored" if first.ended.well else "body goes on"
    tried = [moment for word, moment in notes if word == "tried"]
    if len(tried) <= stage.retries:
        return "ignored" if len(tried) == 1 else "too few tries"
    soonest = min(later - sooner for sooner, later in pairwise(tried))
    late = soonest >= stage.retry_delay - EARLY_S or "retry_delay" in attempt.facts.get("lacks", ())
    return "as asked" if late else "too early"


def _afterwards(first: Run) -> str:
    exit_ = first.marks.get("exit")
    if exit_ is not None and any((body.end or 0) > exit_ and body.error is None for body in first.bodies):
        return "goes on"
    return "left behind" if first.left_behind else "nothing goes on"


def _state(attempt: Attempt, *, well: bool) -> str | None:
    """Return whether the last state that was asked for is true; None where none was asked for.

    well: whether the run in question ended well, and delivered what it had to.
    """
    if "run_history" in attempt.facts.get("lacks", ()):
        return "no record"
    states = attempt.facts.get("states")
    if not states:
        return None
    state = states[-1]["state"]
    if state is None:
        return "lost record"
    if state in GOING_ON:
        return "says running"
    if state == UNFINISHED:
        return "says failed" if well else "says unfinished"
    if well:
        return "truthful" if state == "succeeded" else "says failed"
    return "says succeeded" if state == "succeeded" else "truthful"


def _sentence(
    word: str, words: dict[str, str], first: Run, resumed: Run | None, pipeline: Pipeline, attempt: Attempt
) -> str:
    bad = [
        f"{about}: {VALUES[found].meaning}" for about, found in words.items() if VALUES[found].value < 1.0
    ]
    work = None if resumed is None else _work(attempt, first, resumed, pipeline)
    told = [] if work is None else [f"{work.again:.1f} of {work.done:.1f} s of finished work done again"]
    if word == RECOVERED:
        return "; ".join([*told, VALUES[word].meaning])
    return "; ".join([*bad, *told])
