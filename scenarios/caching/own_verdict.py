"""Judges what a tool reused of a user's own pipeline after a change, stage by stage, against the control."""

from collections.abc import Mapping

from bench.contract.own_parts import downstream, values_of
from bench.contract.records import Attempt, Run
from bench.judging.full_runs import NO_CONTROL, undelivered
from bench.judging.steadiness import Unsteady, between, same_results, widened
from bench.judging.verdicts import Verdict, error
from bench.pipeline import Pipeline

__all__ = ["judge"]

WORST_FIRST = ("stale", "wrong", "wasted", "acceptable", "right run", "right hit")
FAILED = frozenset(("stale", "wrong", "wasted", "differs", "crashed", "blocked", "refused"))
UNSEEN = frozenset(("stale", "wrong"))
"""What an untraced run that delivers something else than the control shows again."""
SAID = {
    "stale": "reused although it had to run again",
    "wrong": "ran, and delivered something else than the control",
    "wasted": "ran again although nothing had changed for it",
    "acceptable": "ran again; the pipeline does not ask for its reuse",
}


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Judge the run after the change; the word is that of the worst stage."""
    if control is None or control.fault is not None or not control.runs:
        return error(attempt, NO_CONTROL)
    before, after = _run(control, "fresh"), _run(control, "changed")
    if before is None or after is None or not before.ended.well or not after.ended.well:
        return error(attempt, NO_CONTROL)
    # All runs before the change: what differs between them differs by itself, and nobody is judged on it.
    alike = [before, *(run for run in control.runs if run.role == "reused" or run.repeat)]
    left_out = between(alike, pipeline)
    first, last = _run(attempt, "fresh"), _run(attempt, "changed")
    if first is None:
        return error(attempt, "nothing was run")
    failed = _failed(attempt, (first, before), (last, after), left_out)
    if failed is not None or last is None:
        return failed or error(attempt, "the run after the change is not there")
    left_out = widened(left_out, first, before)
    same = same_results(last, after, left_out) is None
    if not last.traced:
        word = "right run" if same else "differs"
        verdict = _said(attempt, word, "judged without the tracer, by what it delivered")
        # A change that shows in no file cannot be seen from outside, so nothing is said against what the trace shows.
        unseen = before.result_digest == after.result_digest
        return _confirming(verdict) if unseen or not same else verdict
    if last.trace_broken is not None or last.unannounced:
        return error(
            attempt, f"the trace cannot be believed: {last.trace_broken or 'Python ran without the tracer'}"
        )
    words = _words(last, before, after, left_out, pipeline, same=same)
    word = min(words.values(), key=WORST_FIRST.index)
    named = ", ".join(stage for stage, one in words.items() if one == word)
    told = f"{named}: {SAID[word]}" if word in SAID else "all that had to run did, and nothing else"
    verdict = _said(attempt, word, told)
    return Verdict(verdict.trial, verdict.outcome, verdict.word, verdict.sentence, words)


def _failed(
    attempt: Attempt, first: tuple[Run, Run], last: tuple[Run | None, Run], left_out: Unsteady
) -> Verdict | None:
    """Return the verdict of runs without a result, each beside the control's; None where both have one."""
    run, expected = first
    if not run.ended.well:
        return _said(attempt, "refused", f"already the first run ended with {run.ended.how}")
    if (lost := undelivered(run, expected, left_out)) is not None:
        return _said(attempt, "refused", f"already the first run {lost}")
    again, expected = last
    if again is None:
        return None
    if again.ended.stopped_by == "time":
        return _said(attempt, "blocked", f"it had not ended after {again.command.time_limit:.0f} s")
    if not again.ended.well:
        return _said(attempt, "crashed", f"it ended with {again.ended.how}")
    lost = undelivered(again, expected, left_out)
    if lost is not None and again.traced and not again.bodies:
        # The tool reused the last stage as well, and bench had emptied the folder to which that writes.
        return error(
            attempt, "every stage was reused, the last one too, so no file was written that could be judged"
        )
    return None if lost is None else _said(attempt, "crashed", f"it {lost}")


def _words(
    last: Run, before: Run, after: Run, left_out: Unsteady, pipeline: Pipeline, *, same: bool
) -> dict[str, str]:
    """Return the word of each stage. same: whether the delivered files are the control's."""
    ran = {body.stage for body in last.bodies}
    old, right, found = (values_of(run, pipeline) for run in (before, after, last))
    steady = {place for place in right if not left_out.of(place)}
    differing = {place.partition(".")[0] for place in steady if old.get(place) != right[place]}
    touched = downstream(pipeline, differing)
    words: dict[str, str] = {}
    for name, stage in pipeline.stages.items():
        places = [f"{name}.{output.name}" for output in stage.outputs]
        known = [place for place in places if place in steady]
        wrong = any(place in found and found[place] != right[place] for place in known)
        if name not in ran:
            must = any(old.get(place) != right[place] for place in known)
            last_one = name == pipeline.sentinel.name and not same
            words[name] = "stale" if wrong or must or last_one else "right hit"
        elif wrong or (name == pipeline.sentinel.name and not same and not _stale(words)):
            words[name] = "wrong"
        elif name in touched or not known:
            words[name] = "right run"
        else:
            words[name] = "wasted" if stage.cached else "acceptable"
    return words


def _stale(words: Mapping[str, str]) -> bool:
    """Whether an earlier stage explains that the delivered files are not right."""
    return "stale" in words.values() or "wrong" in words.values()


def _run(attempt: Attempt, role: str) -> Run | None:
    return next((run for run in attempt.runs if run.role == role), None)


def _said(attempt: Attempt, word: str, sentence: str) -> Verdict:
    turn = attempt.facts.get("turn")
    change = f"after the change '{turn['what']}': " if isinstance(turn, dict) and "what" in turn else ""
    return Verdict(attempt.trial, "failed" if word in FAILED else "measured", word, change + sentence)


def _confirming(verdict: Verdict) -> Verdict:
    return Verdict(verdict.trial, verdict.outcome, verdict.word, verdict.sentence, confirms=UNSEEN)
