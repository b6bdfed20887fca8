"""Words of the caching scenario: what a reused result was worth, judged against the control.

The truth is computed: what the control delivered after the same change. A stage that delivered
something else is ``stale`` where its body did not run, ``wrong`` where it did. One that delivered the
right thing without need ran in vain (``wasted``), unless the case lists that as a careful miss.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bench.contract.records import Attempt, Digest, Run
from bench.judging.full_runs import undelivered
from bench.judging.steadiness import same_results
from bench.judging.verdicts import Sample, Verdict, Word, common, error
from bench.pipeline import Pipeline

from . import own_verdict
from .cases import CASES, OWN, Case
from .truth import Truth, judged, taken

WORDS = (
    Word("right hit", "nothing that could be reused ran, and what was delivered is right", 1.0, good=True),
    Word("right run", "what had to run did, and what was delivered is right", 1.0, good=True),
    Word(
        "acceptable", "right; a stage ran that need not have, as a careful tool does here", 1.0, good=True
    ),
    Word("noticed", "a spoilt entry was noticed, and made anew", 1.0, good=True),
    Word(
        "unharmed", "a spoilt entry did no harm: what was delivered is right all the same", 1.0, good=True
    ),
    Word("nothing stored", "no stored result could be spoilt: none was kept", 0.5, good=True),
    Word("once", "of two runs at once, one waited and took the other's result", 1.0, good=True),
    Word("ran twice", "two runs at once both did the work, and both were right", 0.7, good=True),
    Word("told", "a run that reuses a result says so in its output", 1.0, good=True),
    Word("not told", "a run that reuses results says nothing of it", 0.0, good=True),
    Word("nothing reused", "no result was reused, so there was nothing to tell", 0.0, good=True),
    Word("refused", "the tool cannot run this pipeline at all: already its first run failed", 0.3),
    Word("wasted", "right, but a stage ran in vain that could have been reused", 0.3, traced_only=True),
    Word("crashed", "the run ended with an error, or without a result where it should have had one", 0.0),
    Word("blocked", "the run waited and did not end by itself", 0.0),
    Word("differs", "what was delivered is not the control's; whether a body ran was not seen", 0.0),
    Word("stale", "a result was reused that is not right any more", 0.0),
    Word("wrong", "a stage ran, and what it delivered is not the control's", 0.0),
    Word("served garbage", "a spoilt entry was delivered as a result", 0.0),
)

WORST_FIRST = ("stale", "wrong", "wasted", "acceptable", "right run", "right hit")
FAILURES = frozenset(
    ("stale", "wrong", "wasted", "differs", "served garbage", "crashed", "blocked", "refused")
)
SPOILT = ("deleted", "truncated", "replaced")
DELIVERED_RIGHTLY = ("right hit", "right run", "acceptable", "wasted")
UNDESCRIBED = "undescribed"
"""Kind of a digest that says nothing."""
BESIDE = ("stale", "wrong")
"""Words that are told also of a stage that a case does not ask about."""
UNSEEN = frozenset(("stale", "wrong", "served garbage"))
"""What an untraced run that delivers something else than the control shows again."""


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Judge the last run against the control's; the word of a trial is that of its worst stage."""
    early = common(attempt)
    if early is not None:
        return early
    if attempt.trial.case in OWN:
        return own_verdict.judge(attempt, control, pipeline)
    case = CASES[attempt.trial.case]
    truth = Truth.of(control, case, pipeline)
    if isinstance(truth, str):
        return error(attempt, truth)
    if not attempt.runs:
        return error(attempt, "nothing was run")
    if case.kind == "together":
        return _judge_together(attempt, truth, pipeline)
    first = next((run for run in attempt.runs if run.role == "fresh"), attempt.runs[0])
    if not _may_fail_first(case):
        if not first.ended.well:
            return _said(attempt, "refused", f"already the first run ended with {first.ended.how}")
        lost = undelivered(first, truth.first, truth.left_out)
        if lost is not None:
            return _said(attempt, "refused", f"already the first run {lost}")
    verdict = _judge_last(attempt, case, truth, pipeline)
    return _of_kind(attempt, case, verdict, pipeline)


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:  # noqa: ARG001 - the contract's
    """Return nothing: this scenario measures no number."""
    return ()


def _judge_last(attempt: Attempt, case: Case, truth: Truth, pipeline: Pipeline) -> Verdict:
    run = judged(attempt.runs)[-1]
    failed = _failed(attempt, run, truth, f"it had not ended after {run.command.time_limit:.0f} s", "it")
    if failed is not None:
        return failed
    different = same_results(run, truth.run, truth.left_out)
    if not run.traced:
        if different is None:
            return _said(attempt, "right run", "without the tracer, what it delivered is right")
        verdict = _said(attempt, "differs", "without the tracer, what it delivered is not the control's")
        return replace(verdict, confirms=UNSEEN)
    unproved = _unproved(run, truth, pipeline)
    if unproved is not None:
        return error(attempt, unproved)
    runs = judged(attempt.runs)
    words = _words(runs, truth.after, case, truth, pipeline)
    beside = _words(runs, truth.beside, case, truth, pipeline)
    beside = {stage: one for stage, one in beside.items() if one in BESIDE}
    unseen = _undescribed(run, truth, pipeline)
    if not words:
        return error(attempt, f"nothing can be said of any stage{unseen}")
    word = min((*words.values(), *beside.values()), key=WORST_FIRST.index)
    sentence = _sentence(word, {**words, **beside}, case)
    if beside:
        sentence += f"; the case does not ask about {', '.join(beside)}"
    if different is not None and word not in BESIDE:
        word = "wrong" if pipeline.sentinel.name in _ran(run) else "stale"
        sentence = (
            f"every stage that is judged is right, but the run {different.replace('its ', 'delivered ', 1)}"
        )
    if word in ("right hit", "right run"):
        word = "right run" if case.forces else word
    return replace(_said(attempt, word, sentence + unseen), words={**words, **beside})


def _failed(attempt: Attempt, run: Run, truth: Truth, waited: str, who: str) -> Verdict | None:
    """Return the verdict of a run that has no result; None of one that delivered something."""
    if run.ended.stopped_by == "time":
        return _said(attempt, "blocked", waited)
    if not run.ended.well:
        return _said(attempt, "crashed", f"{who} ended with {run.ended.how}")
    lost = undelivered(run, truth.run, truth.left_out)
    return None if lost is None else _said(attempt, "crashed", f"{who} {lost}")


def _undescribed(run: Run, truth: Truth, pipeline: Pipeline) -> str:
    """Return what cannot be judged, because a part of it cannot be described, as the end of a sentence."""
    given = taken(run, pipeline)
    found = {
        name: given[name].lacks or right.lacks
        for name, right in {**truth.after, **truth.beside}.items()
        if name in given
    }
    told = [f"{name} ({why})" for name, why in found.items() if why is not None]
    return f"; not judged: {', '.join(told)}" if told else ""


def _unproved(run: Run, truth: Truth, pipeline: Pipeline) -> str | None:
    """Return why nothing can be said of a body that left no event; None if it can."""
    if run.trace_broken is not None:
        return f"the trace cannot be believed: {run.trace_broken}"
    ran = _ran(run)
    silent = [truth.stages[name] for name in truth.after if truth.stages[name] not in ran]
    if silent and run.unannounced:
        return (
            f"{silent[0]} left no event, but Python was started without the tracer "
            f"({' '.join(run.unannounced[0])[:80]}), so nothing can be said"
        )
    lacking = truth.after.keys() - taken(run, pipeline).keys()
    if lacking:
        return f"the last stage was not seen to be given '{min(lacking)}', so nothing can be said of it"
    return None


def _words(
    runs: Sequence[Run], rights: dict[str, Digest], case: Case, truth: Truth, pipeline: Pipeline
) -> dict[str, str]:
    """Return the word of each stage by what it had to deliver; none where that cannot be described.

    Only a stage that had come to its end in an earlier run can have been reused.
    """
    run = runs[-1]
    ran = _ran(run)
    done = {body.stage for one in runs[:-1] for body in one.bodies if body.end and body.error is None}
    given = taken(run, pipeline)
    words = {}
    for name, right in rights.items():
        stage = truth.stages[name]
        if name not in given or UNDESCRIBED in (given[name].kind, right.kind):
            continue
        if given[name].value != right.value:
            words[stage] = "wrong" if stage in ran else "stale"
        elif given[name].lacks or right.lacks:
            continue
        elif stage not in ran:
            words[stage] = "right hit"
        elif not truth.was(name, right) or not _had(stage, done, truth, name):
            words[stage] = "right run"
        else:
            careful = "*" in case.acceptable or stage in case.acceptable
            words[stage] = "acceptable" if careful else "wasted"
    return words


def _had(stage: str, done: set[str], truth: Truth, name: str) -> bool:
    """Whether a result of the stage was there; one that has another name now was there under the old."""
    return stage in done or truth.renamed.get(name) in done


def _ran(run: Run) -> set[str]:
    return {body.stage for body in run.bodies}


def _of_kind(attempt: Attempt, case: Case, verdict: Verdict, pipeline: Pipeline) -> Verdict:
    """Return the word that a fault in the store, or a question of its own, gives to what was seen."""
    if verdict.outcome == "error":
        return verdict
    if case.kind in SPOILT:
        return _of_spoilt(attempt, case, verdict, pipeline)
    if case.kind == "killed in entry":
        return _of_torn(attempt, verdict)
    if verdict.word not in DELIVERED_RIGHTLY:
        return verdict
    if case.kind == "expired":
        return _of_expired(attempt, verdict, pipeline)
    return _of_visible(attempt, verdict) if case.kind == "visible" else verdict


def _of_spoilt(attempt: Attempt, case: Case, verdict: Verdict, pipeline: Pipeline) -> Verdict:
    if not attempt.facts.get("stored"):
        return _said(attempt, "nothing stored", "no file of the result's size was left to spoil")
    if _not_reused(attempt, pipeline):
        return _said(attempt, "nothing reused", "its stored result was not reused while it was intact")
    words = {
        "stale": "served garbage",
        "wrong": "served garbage",
        "wasted": "noticed",
        "right hit": "unharmed",
    }
    word = words.get(verdict.word, verdict.word)
    return replace(_said(attempt, word, f"its stored result was {case.kind}"), confirms=verdict.confirms)


def _of_torn(attempt: Attempt, verdict: Verdict) -> Verdict:
    if attempt.runs[0].ended.well:
        return _said(attempt, "nothing stored", "the first run ended well: it wrote no file of that size")
    if verdict.word not in UNSEEN:
        return verdict
    return replace(
        _said(attempt, "served garbage", "what was stored when the writer was ended was delivered"),
        confirms=verdict.confirms,
    )


def _of_expired(attempt: Attempt, verdict: Verdict, pipeline: Pipeline) -> Verdict:
    if _not_reused(attempt, pipeline):
        return _said(attempt, "nothing reused", "its result was not reused while it was fresh")
    if verdict.word == "right hit":
        return _said(attempt, "stale", "reused although its time was over")
    return _said(attempt, "right run", "run again when its time was over")


def _of_visible(attempt: Attempt, verdict: Verdict) -> Verdict:
    if "right hit" not in verdict.words.values():
        return _said(attempt, "nothing reused", "every stage ran again")
    if "told" not in attempt.facts:
        return _said(attempt, "not told", "nothing is known that the tool says of a reused result")
    told = bool(attempt.facts["told"])
    return _said(attempt, "told" if told else "not told", "looked for in the output of the second run")


def _not_reused(attempt: Attempt, pipeline: Pipeline) -> bool:
    """Whether a stage ran again in the run that was made to see it reused."""
    runs = [run for run in attempt.runs if run.role == "reused" and run.traced]
    return bool(runs and _ran(runs[0]) - {pipeline.sentinel.name})


def _judge_together(attempt: Attempt, truth: Truth, pipeline: Pipeline) -> Verdict:
    """Judge two runs at once: how often the held stage's body ran in both, and what they delivered."""
    if len(attempt.runs) != len(("the first", "the second")):
        return error(attempt, "not both of the two runs are there")
    for run in attempt.runs:
        if run.trace_broken is not None or run.unannounced:
            return error(attempt, "a run left no trace that can be believed")
        waited = f"one of the two had not ended after {run.command.time_limit:.0f} s"
        failed = _failed(attempt, run, truth, waited, "one of the two")
        if failed is not None:
            return failed
        given = taken(run, pipeline)
        for name, right in {**truth.after, **truth.beside}.items():
            if name not in given or given[name].value != right.value:
                return _said(
                    attempt, "wrong", f"one of the two delivered another '{name}' than the control"
                )
        different = same_results(run, truth.run, truth.left_out)
        if different is not None:
            return _said(attempt, "wrong", f"one of the two ended well, but {different}")
    bodies = sum(body.stage == "scale" for run in attempt.runs for body in run.bodies)
    if bodies == 1:
        return _said(attempt, "once", "one run did the work, the other took its result")
    return _said(attempt, "ran twice", f"the body of the held stage ran {bodies} times")


def _may_fail_first(case: Case) -> bool:
    return case.kind in ("raised", "killed at start", "killed at end", "killed in entry")


def _said(attempt: Attempt, word: str, sentence: str) -> Verdict:
    return Verdict(attempt.trial, "failed" if word in FAILURES else "measured", word, sentence)


def _sentence(word: str, words: dict[str, str], case: Case) -> str:
    named = ", ".join(stage for stage, one in words.items() if one == word)
    return {
        "stale": f"{named}: reused although it had to run again",
        "wrong": f"{named}: ran, and delivered something else than the control",
        "wasted": f"{named}: ran again although nothing had changed for it",
        "acceptable": f"{named}: ran again, which is acceptable here",
        "right run": "everything that had to run did"
        if case.forces
        else f"{named}: ran for the first time",
        "right hit": "every result was reused, and rightly",
    }[word]
