"""Words and numbers of the customization scenario: pure functions over stored facts.

Two things are judged: whether the change takes effect (``effect``), by the checks of the module beside this one,
and whether all else is as it was (``rest``). The worse of the two is the trial's word.
"""

from collections.abc import Iterable

from bench.contract.records import Attempt, Run
from bench.judging.full_runs import NO_CONTROL
from bench.judging.verdicts import Outcome, Sample, Verdict, Word, common, error
from bench.pipeline import Pipeline

from .cases import AFTER, BEFORE, CASES, Case, Exercise
from .checks import CHECKS, IGNORED, PARTLY, REFUSED, TAKES_EFFECT, Finding, Seen

BREAKS = "breaks"
AS_BEFORE = "as before"
WORDS = (
    Word(TAKES_EFFECT, "the change does what it says when the project is run here", 1.0, good=True),
    Word(
        AS_BEFORE, "the project still runs, and all else is delivered as before the change", 1.0, good=True
    ),
    Word(PARTLY, "the change does a part of what it says", 0.5, good=True),
    Word(REFUSED, "the tool says clearly that it does not do it here", 0.2),
    Word(IGNORED, "the change was accepted and did nothing, and nobody said so", 0.0),
    Word(BREAKS, "with the change the project does not run any more, or delivers something else", 0.0),
)
VALUES = {word.name: word for word in WORDS}
WORST = [TAKES_EFFECT, AS_BEFORE, PARTLY, REFUSED, IGNORED, BREAKS]


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Judge the effect of the change and what became of the rest; the worse is the trial's word."""
    early = common(attempt)
    if early is not None:
        return early
    if control is None or not control.facts.get("trials"):
        return error(attempt, NO_CONTROL)
    seen = Seen(attempt)
    wrong = _unbelievable(seen, pipeline)
    if wrong is not None:
        return error(attempt, wrong)
    truth = Seen(control)
    case = CASES[attempt.trial.case]
    if any(
        _truth(name, exercise, truth, alters=case.alters) is None
        for name, exercise in case.exercises.items()
    ):
        return error(attempt, NO_CONTROL)
    unfelt = _unfelt(seen, case)
    if unfelt is not None:
        return error(attempt, unfelt)
    broken = _broken(attempt, seen, truth, pipeline)
    effect = _effect(attempt, seen, truth, broken)
    rest = AS_BEFORE if broken is None or effect.word == REFUSED else BREAKS
    word = max((effect.word, rest), key=WORST.index)
    word = TAKES_EFFECT if word == AS_BEFORE else word
    sentence = effect.sentence if rest == AS_BEFORE else f"{broken}; {effect.sentence}"
    outcome: Outcome = "measured" if VALUES[word].good else "failed"
    words = {"effect": effect.word, "rest": rest}
    return Verdict(attempt.trial, outcome, word, sentence, words)


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:  # noqa: ARG001 - the contract's
    """Return the size of the edit, of what works: a small edit that does nothing is worth nothing."""
    size = attempt.facts.get("size")
    if size is None:
        return
    numbers = {
        "tokens": size["tokens_added"] + size["tokens_removed"],
        "files": size["files"],
        "lines": size["lines_added"] + size["lines_removed"],
    }
    for indicator, value in numbers.items():
        yield Sample(attempt.trial, attempt.number, 0, indicator, "count", float(value))


def _unbelievable(seen: Seen, pipeline: Pipeline) -> str | None:
    """Return why nothing can be said: a trace that cannot be believed, or that the stages contradict."""
    for name, run in seen.runs.items():
        if run.trace_broken is not None:
            return f"the trace of the run '{name}' cannot be believed: {run.trace_broken}"
        if run.unannounced:
            return f"Python was started without the tracer: {' '.join(run.unannounced[0])[:80]}"
        for stage in pipeline.stages if run.traced else ():
            traced, noted = sum(body.stage == stage for body in run.bodies), seen.count(name, stage)
            if traced != noted:
                return (
                    f"the run '{name}': the trace has {traced} bodies of {stage}, the stage noted {noted}"
                )
    return None


def _unfelt(seen: Seen, case: Case) -> str | None:
    """Return which planted fault was not felt, because the stage that has it did not run; None if each was."""
    for name, exercise in case.exercises.items():
        stage = exercise.chaos.partition(" ")[0]
        if stage and seen.well(name) and not seen.count(name, stage):
            return (
                f"the planted fault was not felt: in the run '{name}', which ended well, {stage} did not run "
                "(a result from elsewhere was reused), so nothing can be said"
            )
    return None


def _broken(attempt: Attempt, seen: Seen, control: Seen, pipeline: Pipeline) -> str | None:
    """Return what of the edited project does not run, or delivers something else than it should."""
    case = CASES[attempt.trial.case]
    for name, exercise in case.exercises.items():
        if exercise.yields is None:
            continue
        truth, run = _truth(name, exercise, control, alters=case.alters), seen.runs.get(name)
        if truth is None or run is None:
            return f"the run '{name}' was not made"
        served = attempt.trial.case == "schedule" and run.ended.stopped_by == "time"
        if served and not seen.notes.get(name):
            # Nothing was run yet, so nothing is delivered wrongly.
            continue
        if exercise.chaos and not run.ended.well:
            # What a planted failure does to the run is for the effect to say.
            continue
        if not run.ended.well and not served:
            return f"the run '{name}' ended with {run.ended.how}: {seen.last(name)}"
        if run.result_digest != truth.result_digest:
            return f"the run '{name}' delivered something else than plain Python"
        if name == AFTER and not case.alters and (stage := _altered(run, truth, pipeline)):
            return f"the run '{name}' ended well, but {stage} is not as before"
    return None


def _truth(name: str, exercise: Exercise, control: Seen, *, alters: bool) -> Run | None:
    """Return the control's run that delivers what an exercise has to."""
    return control.runs.get(name if alters else f"{BEFORE} {exercise.yields or exercise.day}")


def _altered(run: Run, truth: Run, pipeline: Pipeline) -> str | None:
    """Return the first output of the pipeline that was seen, and is not what it was before the change."""
    for stage in pipeline.stages.values():
        for output in stage.outputs:
            name = f"{stage.name}.{output.name}"
            before, after = truth.delivered.get(name), run.delivered.get(name)
            if before is not None and after is not None and before.value != after.value:
                return name
    return None


def _effect(attempt: Attempt, seen: Seen, control: Seen, broken: str | None) -> Finding:
    """Return what the case's check says; what the tool told, where the change did nothing or was not taken."""
    found = CHECKS[attempt.trial.case](seen, control)
    told = next((text for text in seen.told.values() if text), None)
    if told is not None and (broken is not None or found.word == IGNORED):
        return Finding(REFUSED, f"the tool says: {told}")
    return found
