"""Words and numbers of the reference scenario: pure functions over stored facts."""

from collections.abc import Iterable

from msgspec.structs import replace

from bench.contract.records import Attempt, Run
from bench.judging.full_runs import RUN_WORDS, judge_full_runs
from bench.judging.steadiness import NOTHING, Unsteady, covered, unsteady
from bench.judging.transit import in_transit
from bench.judging.verdicts import Sample, Verdict, Word
from bench.pipeline import Pipeline

NAMED = 3
"""Of what is left out."""
NOT_JUDGED = "not judged"
WORDS = (
    *RUN_WORDS,
    Word("intact", "as right, and every value arrived just as it was returned", 1.0, good=True),
    Word(
        NOT_JUDGED,
        "as right; some values have a part that cannot be described, so of it nothing can be said",
        1.0,
        good=True,
    ),
    Word(
        "retyped",
        "as right; some values arrived equal, but of another type, order or index",
        0.7,
        good=True,
    ),
    Word("altered", "some values arrived unequal to what their stage had returned", 0.0, good=True),
)
WORST_FIRST = ("altered", "retyped", NOT_JUDGED)


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Judge the output first, then what happened to each value on its way between stages."""
    verdict = judge_full_runs(attempt, control, pipeline)
    if verdict.outcome in ("unsupported", "not attempted", "error"):
        return verdict
    left_out = unsteady(control, pipeline)
    told = replace(verdict, sentence=verdict.sentence + _beside(control, left_out, verdict))
    first = attempt.runs[:1] if attempt.trial.target.role == "control" else attempt.runs
    words = {where: word for run in first for where, word in _on_the_way(run, pipeline, left_out)}
    if verdict.outcome == "failed" or not all(run.traced for run in attempt.runs):
        # Without the tracer nothing was seen of the values between stages.
        return replace(told, words=words)
    word = next((one for one in WORST_FIRST if one in words.values()), "intact")
    beside = _beside(control, left_out, replace(verdict, word=word))
    return replace(verdict, word=word, words=words, sentence=_sentence(words, word) + beside)


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:
    """Return how many values were altered and how many retyped, of each run."""
    # Further runs are the control's own, made to see what differs by itself.
    for index, run in enumerate(attempt.runs[:1]):
        words = [word for _, word in _on_the_way(run, pipeline, NOTHING)]
        for word in ("altered", "retyped"):
            count = words.count(word)
            yield Sample(attempt.trial, attempt.number, index, f"{word}_values", "count", count)


def _on_the_way(run: Run, pipeline: Pipeline, left_out: Unsteady) -> Iterable[tuple[str, str]]:
    for transit in in_transit(run, pipeline):
        where = f"{transit.value} to {transit.consumer}"
        by_itself = left_out.of(f"{transit.producer}.{transit.value}")
        for word, parts in (("altered", transit.altered), ("retyped", transit.retyped)):
            yield from ((f"{where}: {part}", word) for part in parts if not covered([part], by_itself))
        yield from ((f"{where}: {path} ({why})", NOT_JUDGED) for path, why in transit.undescribed.items())


def _sentence(words: dict[str, str], word: str) -> str:
    shown = [what for what, one in words.items() if one == word]
    if not shown:
        return "every value arrived just as it was returned"
    more = f" and {len(shown) - 1} more" if len(shown) > 1 else ""
    if word == NOT_JUDGED:
        return f"not judged: {shown[0]}{more}; every other value arrived just as it was returned"
    unjudged = sum(one == NOT_JUDGED for one in words.values())
    return f"{word} in transit: {shown[0]}{more}" + (f"; not judged: {unjudged} values" if unjudged else "")


def _beside(control: Attempt | None, left_out: Unsteady, verdict: Verdict) -> str:
    """Return what has to be known beside a verdict: what is left out, and what stages change in place."""
    told = left_out.told()
    found = ""
    if told:
        more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
        found = f"; left out, because it differs from run to run of the control: {', '.join(told[:NAMED])}{more}"
    changed = dict.fromkeys(
        name for run in (control.runs if control else ()) for name in run.changed_inputs
    )
    if changed and verdict.word in ("wrong output", "altered"):
        stage, _, argument = next(iter(changed)).partition(".")
        found += (
            f"; stage {stage} changes its argument {argument} in place, so what is delivered depends on "
            "whether the tool hands on copies"
        )
    return found
