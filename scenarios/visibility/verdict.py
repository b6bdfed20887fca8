"""Words of the visibility scenario: a word for each thing that was looked for, from stored facts.

The word of a trial says the worst of it: ``wrong`` where something that is shown is not true; else whether
all, some or nothing was shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from bench.contract.records import Attempt, Run
from bench.judging.verdicts import Outcome, Sample, Verdict, Word, common, error
from bench.pipeline import Pipeline

from .graphs import agrees, contracted, edges_of
from .looking import KINDS, kind_of, ordered, spoken, stage_of

WORDS = (
    Word("all shown", "everything that was looked for is shown", 1.0, good=True),
    Word("shown", "it is there, whole and as the user wrote it", 1.0, good=True),
    Word("true", "the stages and what each is made from, as they are", 1.0, good=True),
    Word("in order", "the lines stand in the order in which they were written", 1.0, good=True),
    Word("partly shown", "some of what was looked for is shown, and what is shown is true", 0.5, good=True),
    Word("in part", "some of it is there", 0.5, good=True),
    Word(
        "text only",
        "the text of the user's line, without its file and number in the project",
        0.5,
        good=True,
    ),
    Word(
        "order only",
        "every stage, and an order in which they ran; not what each is made from",
        0.5,
        good=True,
    ),
    Word("behind", "it goes on as the stage does, and says less than is done", 0.5, good=True),
    Word("out of order", "the lines do not stand in the order in which they were written", 0.5, good=True),
    Word("lacks edges", "every stage, but not all that they are made from", 0.4, good=True),
    Word("lacks nodes", "a stage is not in it", 0.3, good=True),
    Word("cut", "a line begins, and does not end as it was written", 0.3, good=True),
    Word("stands still", "it is there, and says the same while the stage goes on", 0.2, good=True),
    Word("not shown", "it is not there, or there is no way to ask for it", 0.0, good=True),
    Word("nothing shown", "nothing of what was looked for is shown", 0.0, good=True),
    Word(
        "unsupported",
        "it is declared that the tool, or this mode of it, keeps no record of runs",
        0.0,
        good=True,
    ),
    Word("did not run", "the run did not end as the case needs, so there is nothing to look at", 0.0),
    Word("wrong", "what is shown is not true, which is worse than nothing", 0.0),
)
VALUES = {word.name: word.value for word in WORDS}
SHOWN = {True: "shown", False: "not shown"}
FAILING = ("failure", "ui")
LOOKS = 2
"""A bar that is looked at less often cannot be seen to stand still."""
NEAR = 0.5
"""Per cent by which a progress may be rounded."""


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:  # noqa: ARG001 - the contract's
    """Judge what is shown of runs that ended as the case needs."""
    early = common(attempt)
    if early is not None:
        return early
    unbelievable = _unbelievable(attempt)
    if unbelievable is not None:
        return error(attempt, unbelievable)
    astray = _astray(attempt)
    if astray is not None:
        return Verdict(attempt.trial, "failed", "did not run", astray)
    words = dict(_words(attempt, pipeline))
    found = set(words.values())
    word = "wrong" if "wrong" in found else _summary(words)
    outcome: Outcome = "failed" if word == "wrong" else "measured"
    return Verdict(attempt.trial, outcome, word, _sentence(attempt, words), words)


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:
    """Return the share that is shown, and the counts beside it."""
    last = len(attempt.runs) - 1

    def sample(indicator: str, value: float) -> Sample:
        return Sample(attempt.trial, attempt.number, last, indicator, "count", value, of_failure=True)

    words = list(dict(_words(attempt, pipeline)).values())
    yield sample("shown", sum(VALUES[word] for word in words) / len(words))
    if "failure" in attempt.facts:
        yield sample("noise", attempt.facts["failure"]["lines"])
    volume = attempt.facts.get("volume")
    if volume is not None:
        yield sample("lines_terminal", volume["terminal"]["whole"])
        yield sample("lines_kept", (volume["kept"]["found"] or {"whole": 0})["whole"])


def _unbelievable(attempt: Attempt) -> str | None:
    """Return why nothing can be said of the tool."""
    runs = _runs(attempt)
    if not runs:
        return "nothing was run"
    for run in runs:
        if run.trace_broken is not None:
            return f"the trace of the {run.role} run cannot be believed: {run.trace_broken}"
    progress = attempt.facts.get("progress")
    if progress is not None and all(run.ended.well for run in runs) and len(progress["looks"]) < LOOKS:
        return "the long stage went through without being held"
    return None


def _astray(attempt: Attempt) -> str | None:
    """Return what went otherwise than the case needs."""
    fails = attempt.trial.case in FAILING
    for run in _runs(attempt):
        if run.ended.stopped_by is not None:
            return f"the {run.role} run was ended at its {run.ended.stopped_by} limit"
        raised = any(body.error is not None for body in run.bodies)
        if fails and run.traced and not raised:
            return f"no stage raised; the {run.role} run ended with {run.ended.how}"
        if not fails and (not run.ended.well or raised):
            return f"the {run.role} run ended with {run.ended.how}, and was to end well"
    return None


def _runs(attempt: Attempt) -> list[Run]:
    return [run for run in attempt.runs if run.role != "probe"]


def _words(attempt: Attempt, pipeline: Pipeline) -> Iterator[tuple[str, str]]:
    facts = attempt.facts
    if "terminal" in facts:
        yield from _of_terminal(facts)
        yield from _of_kept(facts, facts["kept"], facts["stages"], "kept ")
    if "failure" in facts:
        yield from _of_failure(facts)
    if "live" in facts:
        yield from _of_live(facts)
    if "progress" in facts:
        yield "progress", _of_progress(facts)
    if "graph" in facts:
        yield "graph", _of_graph(attempt, pipeline)
    if "shown" in facts:
        yield from _of_pages(facts)
    if "volume" in facts:
        yield from _of_volume(facts)
    if "ui" in facts:
        for name, what in (("run", "run"), ("task", "failed task"), ("message", "error")):
            yield f"{what} in the UI", SHOWN[facts["ui"][name]]


def _of_terminal(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    expected = spoken(facts["stages"])
    found = {line for lines in facts["terminal"].values() for line in lines}
    for kind in KINDS:
        yield f"terminal {kind}", _complete(found, [line for line in expected if kind_of(line) == kind])
    yield "terminal order", "in order" if ordered(facts["terminal"], expected) else "out of order"


def _of_kept(
    facts: Mapping[str, Any], kept: Mapping[str, Any], stages: Collection[str], prefix: str
) -> Iterator[tuple[str, str]]:
    """Yield a word for each kind of line, of the logs of all stages; and for their order, where they have any."""
    expected = spoken(stages)
    found: set[str] = set()
    straight = foreign = False
    for stage in stages:
        streams = {stream: answer["lines"] for stream, answer in kept[stage].items()}
        own = {line for lines in streams.values() for line in lines}
        foreign = foreign or any(stage_of(line) != stage for line in own)
        found |= own
        straight = ordered(streams, expected) and (straight or stage == next(iter(stages)))
    for kind in KINDS:
        word = _complete(found, [line for line in expected if kind_of(line) == kind])
        asked = [answer for stage in stages for answer in kept[stage].values()]
        yield f"{prefix}{kind}", "wrong" if foreign else _lacking(word, facts, asked)
    if found:
        yield f"{prefix}order", "in order" if straight else "out of order"


def _of_failure(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    failure = facts["failure"]
    terminal, kept = failure["terminal"], failure["kept"]
    yield "stage", SHOWN[terminal["stage"]]
    yield "exception", _named(terminal)
    yield "line", _pointed(terminal)
    if kept["shows"] is None:
        yield "kept error", _lacking("not shown", facts, [kept])
    else:
        both = {_named(kept["shows"]), _pointed(kept["shows"])}
        yield (
            "kept error",
            "shown" if both == {"shown"} else "not shown" if both == {"not shown"} else "in part",
        )


def _of_live(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    live = facts["live"]
    running = live["running"]
    if not running["value"]:
        yield "stage now asked", _lacking("not shown", facts, [running])
    else:
        yield "stage now asked", "shown" if running["value"] == ["measure"] else "wrong"
    yield "stage now in the terminal", SHOWN[live["terminal"]]
    # What else is kept is asked when the run is over.
    yield "log so far", dict(_of_kept(facts, live["kept"], ["prepare"], ""))["print"]


def _of_progress(facts: Mapping[str, Any]) -> str:
    """Compare what was said of a stage each time with the share of its steps that were done."""
    steps, interim_checks = facts["progress"]["steps"], facts["progress"]["looks"]
    if not any(look["told"] for look in interim_checks):
        return _lacking("not shown", facts, interim_checks)
    said = [float(look["said"] or 0.0) for look in interim_checks]
    ahead = [one - 100.0 * look["done"] / steps for one, look in zip(said, interim_checks, strict=True)]
    if max(ahead) > NEAR:
        return "wrong"
    if min(ahead) >= -NEAR:
        return "shown"
    return "stands still" if max(said) - min(said) <= NEAR else "behind"


def _of_graph(attempt: Attempt, pipeline: Pipeline) -> str:
    """Compare the document's nodes and edges with what the stages are really made from."""
    answer = attempt.facts["graph"]["value"]
    if answer is None:
        return "not shown"
    nodes, edges = contracted(answer["nodes"], answer["edges"], set(pipeline.stages))
    true = edges_of(pipeline)
    if set(pipeline.stages) - nodes:
        return "lacks nodes"
    if edges == true:
        return "true"
    if edges < true:
        return "lacks edges"
    run = _runs(attempt)[0]
    in_order = answer["arrows"] == "order" and (not run.traced or agrees(edges, run, true))
    return "order only" if in_order else "wrong"


def _of_pages(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    first, second = facts["shown"]
    made = any(run["places"] or any(map(_whole, run["in pages"])) for run in (first, second))
    yield "page made", SHOWN[made or _whole(first["in page"])]
    asked = [facts["page"], facts["pages"]]
    found = any(map(_whole, second["in pages"]))
    yield "page found", "shown" if found else _lacking("not shown", facts, asked)
    if facts["page"]["told"] and second["in page"]["nonce"]:
        yield "page of a run", "wrong"
    else:
        of_run = _whole(first["in page"])
        yield "page of a run", "shown" if of_run else _lacking("not shown", facts, [facts["page"]])
    older = any(map(_whole, first["in pages"]))
    yield "older page", "shown" if older else _lacking("not shown", facts, asked)


def _of_volume(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    volume = facts["volume"]
    yield "terminal", _counted(volume["terminal"], volume["printed"])
    kept = volume["kept"]
    if kept["found"] is None:
        yield "kept", _lacking("not shown", facts, [kept])
    else:
        yield "kept", _counted(kept["found"], volume["printed"])


def _counted(found: Mapping[str, int], printed: int) -> str:
    if found["whole"] == printed:
        return "shown"
    if found["begun"] > found["whole"]:
        return "cut"
    return "in part" if found["whole"] else "not shown"


def _complete(found: Collection[str], expected: Collection[str]) -> str:
    count = sum(line in found for line in expected)
    return "shown" if count == len(expected) else "in part" if count else "not shown"


def _lacking(word: str, facts: Mapping[str, Any], asked: Iterable[Mapping[str, Any]]) -> str:
    """Return the word, or that it is declared that there is no record, where there is no way to ask."""
    declared = "run_history" in facts["absent"] and all(answer["route"] is None for answer in asked)
    return "unsupported" if word == "not shown" and declared else word


def _named(shows: Mapping[str, bool]) -> str:
    both = [shows["type"], shows["text"]]
    return "shown" if all(both) else "in part" if any(both) else "not shown"


def _pointed(shows: Mapping[str, bool]) -> str:
    return "shown" if shows["line"] else "text only" if shows["line's text"] else "not shown"


def _whole(found: Mapping[str, bool]) -> bool:
    return found["nonce"] and found["picture"]


def _summary(words: Mapping[str, str]) -> str:
    values = {VALUES[word] for word in words.values()}
    return "all shown" if values == {1.0} else "partly shown" if max(values) > 0.0 else "nothing shown"


def _sentence(attempt: Attempt, words: Mapping[str, str]) -> str:
    """Say what is not shown as it was looked for, and what else is to be known of it."""
    facts = attempt.facts
    shown = [name for name, word in words.items() if VALUES[word] == 1.0]
    parts = [f"{len(shown)} of {len(words)} shown"]
    for one in WORDS:
        names = [name for name, word in words.items() if word == one.name and one.value < 1.0]
        if names:
            parts.append(f"{one.name}: {', '.join(names)}")
    if "failure" in facts:
        parts.append(f"{facts['failure']['lines']} lines around the error")
    if "volume" in facts:
        kept = facts["volume"]["kept"]["found"]
        whole = [facts["volume"]["terminal"]["whole"], 0 if kept is None else kept["whole"]]
        parts.append(f"of {facts['volume']['printed']} lines {whole[0]} in the terminal, {whole[1]} kept")
    if "progress" in facts:
        parts += [_of_look(look, facts["progress"]["steps"]) for look in facts["progress"]["looks"]]
    if "graph" in facts and facts["graph"]["value"] is not None:
        parts.append(_of_document(facts))
    if "shown" in facts and facts["shown"][-1]["places"]:
        parts.append(f"the page is {facts['shown'][-1]['places'][0]}")
    parts += [f"to ask failed: {reason}" for reason in sorted(_errors(facts))]
    return "; ".join(parts)


def _of_look(look: Mapping[str, Any], steps: int) -> str:
    said = "nothing" if look["said"] is None else f"{look['said']:g} %"
    return f"after {look['done']} of {steps} steps it says {said}"


def _of_document(facts: Mapping[str, Any]) -> str:
    document = facts["graph"]["value"]
    said = f"{document['form']} by {facts['graph']['route']}"
    if document["picture"] == "dot":
        here = "is" if facts["dot"] else "is not"
        return f"{said}, of which graphviz's dot, which {here} here, makes a picture"
    return f"{said}; {document['picture']}"


def _errors(facts: Any) -> set[str]:
    """Return what probes said where they failed."""
    if isinstance(facts, list):
        return {reason for one in facts for reason in _errors(one)}
    if not isinstance(facts, dict):
        return set()
    found = {reason for one in facts.values() for reason in _errors(one)}
    return found | (
        {str(facts["error"])} if "route" in facts and isinstance(facts.get("error"), str) else set()
    )
