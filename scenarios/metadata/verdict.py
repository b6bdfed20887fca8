"""Words of the metadata scenario: a word for each question, from the tool's answer and the truth.

The word of a trial says the worst of it: ``wrong`` where one answer is; else whether all, some or none
of the questions were answered rightly.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bench.contract.records import Attempt
from bench.judging.verdicts import Outcome, Sample, Verdict, Word, common, error
from bench.pipeline import Pipeline

from .checks import CHECKS, Known, Truth

WORDS = (
    Word("right", "the answer agrees with what is known of the run", 1.0, good=True),
    Word("partial", "what is told is true, but something lacks", 0.5, good=True),
    Word("none", "the tool tells nothing", 0.2, good=True),
    Word(
        "unsupported",
        "it is declared that the tool, or this mode of it, keeps no such record",
        0.0,
        good=True,
    ),
    Word("wrong", "what is told is not true, which is worse than nothing", 0.0),
)
VALUES = {word.name: word.value for word in WORDS}
ROUTES = {"api": 1.0, "command": 1.0, "layout": 0.5, "internals": 0.0}
"""What an answer is worth by the way that led to it; the layout is that of documented files."""
MEGABYTE = 1e6


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:  # noqa: ARG001 - the contract's
    """Judge each answer; runs that did not end as they should leave nothing to be asked of."""
    early = common(attempt)
    if early is not None:
        return early
    astray = _astray(attempt)
    if astray is not None:
        return error(attempt, astray)
    judged = _judged(attempt, pipeline)
    words = {name: word for name, (word, _) in judged.items()}
    found = set(words.values())
    if not words:
        return error(attempt, "nothing could be judged")
    if found == {"unsupported"}:
        return Verdict(attempt.trial, "unsupported", "unsupported", next(iter(judged.values()))[1], words)
    word = "wrong" if "wrong" in found else _summary(found)
    outcome: Outcome = "failed" if word == "wrong" else "measured"
    return Verdict(
        attempt.trial, outcome, word, _sentence(attempt, judged), words, credit=_credit(attempt, words)
    )


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:
    """Return how much was answered, by how much code, how fast, how soon and in how many bytes."""
    judged = _judged(attempt, pipeline)
    asked = {one["id"]: one for one in attempt.facts.get("asked", ()) if one["id"] in judged}
    last = len(attempt.runs) - 1

    def sample(indicator: str, unit: str, value: float) -> Sample:
        return Sample(attempt.trial, attempt.number, last, indicator, unit, value)

    right = [one for name, one in asked.items() if judged[name][0] == "right"]
    if attempt.trial.case not in ("fanned", "history"):
        yield sample("worth", "count", sum(worth(attempt, pipeline).values()))
        yield sample("answered", "count", len(right))
        if right:
            yield sample("code", "count", sum(one["tokens"] for one in right) / len(right))
    if attempt.trial.case == "fanned" and right:
        yield sample("settled", "s", _age(attempt, right[0]))
    if attempt.trial.case == "history":
        sizes = {int(name.removeprefix("bytes at ")): size for name, size in _sizes(attempt)}
        few, many = min(sizes, default=1), max(sizes, default=1)
        listed = {one["id"]: one["seconds"] for one in right}
        for indicator, count in (("latency_one", few), ("latency_many", many)):
            if f"list the runs, of {count}" in listed:
                yield sample(indicator, "s", listed[f"list the runs, of {count}"])
        if few < many:
            yield sample("growth", "MB", (sizes[many] - sizes[few]) / (many - few) / MEGABYTE)


def worth(attempt: Attempt, pipeline: Pipeline) -> dict[str, float]:
    """Return by question what the answer is worth: its word's value, by the way that led to it."""
    words = {name: word for name, (word, _) in _judged(attempt, pipeline).items()}
    credit = _credit(attempt, words)
    return {name: VALUES[word] * credit[name] for name, word in words.items()}


def _credit(attempt: Attempt, words: Mapping[str, str]) -> dict[str, float]:
    """Return by question the share of its word's value that the way to the answer leaves."""
    routes = {one["id"]: one["route"] for one in attempt.facts.get("asked", ())}
    return {
        name: ROUTES[routes[name]] if word in ("right", "partial") else 1.0 for name, word in words.items()
    }


def _astray(attempt: Attempt) -> str | None:
    """Return what went otherwise than a case needs, so that its questions have no ground."""
    if not attempt.facts.get("asked"):
        return "nothing was asked"
    expected = {"failed": "failed", "killed": "killed"}.get(attempt.trial.case, "succeeded")
    for label, told in attempt.facts["runs"].items():
        if told["ended"] != expected:
            return f"the run '{label}' {told['ended']}, which is not what this case asks about"
    return None


def _judged(attempt: Attempt, pipeline: Pipeline) -> dict[str, tuple[str, str]]:
    asked = attempt.facts.get("asked", ())
    known = [Known(told, attempt.runs[told["index"]]) for told in attempt.facts.get("runs", {}).values()]
    judged = {}
    for one in asked:
        truth = Truth(tuple(known[: one["among"]]), tuple(asked), pipeline)
        found = _judge_answer(one, truth, attempt.facts["absent"])
        if found is not None:
            judged[one["id"]] = found
    return judged


def _judge_answer(
    one: Mapping[str, Any], truth: Truth, absent: Mapping[str, Mapping[str, str]]
) -> tuple[str, str] | None:
    if one["check"] == "cached_from" and not truth.reused(**one["arguments"]):
        return None  # nothing was reused, so there is nothing to ask
    if one["error"] is not None:
        return "none", one["error"]
    if one["route"] is None or (one["value"] is None and one["check"] != "gone"):
        for lacks in (absent[name] for name in one["needs"] if name in absent):
            return "unsupported", f"in this {lacks['scope']}: {lacks['reason']}"
        return "none", "there is no way to ask" if one["route"] is None else "nothing is told"
    try:
        return CHECKS[one["check"]](one["value"], truth, **one["arguments"])
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as fault:
        return "wrong", f"an answer of another form: {type(fault).__name__}: {fault}"


def _summary(found: set[str]) -> str:
    if found == {"right"}:
        return "right"
    return "partial" if found & {"right", "partial"} else "none"


def _sentence(attempt: Attempt, judged: Mapping[str, tuple[str, str]]) -> str:
    """Say what is wrong, else what lacks; by which routes, where not by a public interface."""
    right = [name for name, (word, _) in judged.items() if word == "right"]
    parts = [f"{len(right)} of {len(judged)} right"]
    if "earlier" in attempt.facts:
        versions = f"{attempt.facts['earlier']}, asked of {attempt.trial.target.version}"
        parts.append(f"written by {versions}")
    if "refused" in attempt.facts:
        parts.append(f"a run of {attempt.facts['refused']} mapped tasks was refused")
    together = attempt.facts.get("in one process", 0)
    if attempt.trial.case == "history" and attempt.facts["runs"]:
        made = f"{len(attempt.facts['runs']) - together} runs each made by a command of its own"
        parts.append(f"{made}, {together} by one process" if together else made)
    for word in ("wrong", "partial"):
        parts += [f"{word}: {name} ({said})" for name, (one, said) in judged.items() if one == word]
    for word in ("none", "unsupported"):
        names = [name for name, (one, _) in judged.items() if one == word]
        if names:
            parts.append(f"{word}: {', '.join(names)}")
    routes = {one["id"]: one["route"] for one in attempt.facts["asked"]}
    for route in ("layout", "internals"):
        by_it = [name for name in right if routes[name] == route]
        if by_it:
            parts.append(f"by {route}: {', '.join(by_it)}")
    return "; ".join(parts)


def _age(attempt: Attempt, one: Mapping[str, Any]) -> float:
    """Return the seconds from the end of the last run to the moment of a question."""
    last = list(attempt.facts["runs"].values())[-1]
    return float(one["at"] - last["exit_ns"]) / 1e9


def _sizes(attempt: Attempt) -> Iterable[tuple[str, int]]:
    return ((name, size) for name, size in attempt.facts.items() if name.startswith("bytes at "))
