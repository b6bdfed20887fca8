"""Words and numbers of the reference scenario: pure functions over stored facts."""

from collections.abc import Iterable

from msgspec.structs import replace

from bench.contract.records import Attempt, Run
from bench.judging.full_runs import RUN_WORDS, judge_full_runs
from bench.judging.transit import in_transit
from bench.judging.verdicts import Sample, Verdict, Word
from bench.pipeline import Pipeline

WORDS = (
    *RUN_WORDS,
    Word("intact", "as right, and every value arrived just as it was returned", 1.0, good=True),
    Word(
        "retyped",
        "as right; some values arrived equal, but of another type, order or index",
        0.7,
        good=True,
    ),
    Word("altered", "some values arrived unequal to what their stage had returned", 0.0, good=True),
)


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:
    """Judge the output first, then what happened to each value on its way between stages."""
    verdict = judge_full_runs(attempt, control, pipeline)
    if verdict.outcome in ("unsupported", "not attempted", "error"):
        return verdict
    words = {where: word for run in attempt.runs for where, word in _on_the_way(run, pipeline)}
    if verdict.outcome == "failed" or not all(run.traced for run in attempt.runs):
        # Without the tracer nothing was seen of the values between stages.
        return replace(verdict, words=words)
    found = set(words.values())
    word = "altered" if "altered" in found else "retyped" if found else "intact"
    return replace(verdict, word=word, words=words, sentence=_sentence(words))


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:
    """Return how many values were altered and how many retyped, of each run."""
    for index, run in enumerate(attempt.runs):
        words = [word for _, word in _on_the_way(run, pipeline)]
        for word in ("altered", "retyped"):
            count = words.count(word)
            yield Sample(attempt.trial, attempt.number, index, f"{word}_values", "count", count)


def _on_the_way(run: Run, pipeline: Pipeline) -> Iterable[tuple[str, str]]:
    for transit in in_transit(run, pipeline):
        where = f"{transit.value} to {transit.consumer}"
        yield from ((f"{where}: {part}", "altered") for part in transit.altered)
        yield from ((f"{where}: {part}", "retyped") for part in transit.retyped)


def _sentence(words: dict[str, str]) -> str:
    if not words:
        return "every value arrived just as it was returned"
    altered = [what for what, word in words.items() if word == "altered"]
    shown = altered or list(words)
    more = f" and {len(shown) - 1} more" if len(shown) > 1 else ""
    return f"{'altered' if altered else 'retyped'} in transit: {shown[0]}{more}"
