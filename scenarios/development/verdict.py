"""Words and numbers of the development scenario: pure functions over stored facts."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bench.contract.records import Attempt, Run
from bench.judging.full_runs import NO_CONTROL, STOPPED
from bench.judging.steadiness import between, same_results
from bench.judging.verdicts import Outcome, Sample, Verdict, Word, common, error
from bench.pipeline import Pipeline

WORDS = (
    Word("counted", "the wiring of the rendered project was counted", 1.0, good=True),
    Word("compared", "the local and the remote entry point were compared", 1.0, good=True),
    Word("right", "the edited stage ran, and what came out equals the control's", 1.0, good=True),
    Word(
        "clear",
        "found as early as it can be, and the message names all that is known of it",
        1.0,
        good=True,
    ),
    Word("prevented", "the tool has no place in which this mistake could be made", 1.0, good=True),
    Word("harmless", "accepted, and what was delivered is right all the same", 1.0, good=True),
    Word("named", "the message names it", 1.0, good=True),
    Word("edit", "a linter shows it where it is typed, before anything is run", 1.0, good=True),
    Word("before", "found before any stage ran", 1.0, good=True),
    Word(
        "plain", "called as a plain function, with plain values, it returns what it should", 1.0, good=True
    ),
    Word(
        "reached",
        "the breakpoint stopped the stage, answered, and the run went on to its end",
        1.0,
        good=True,
    ),
    Word(
        "runs", "the trials of a notebook ran the pipeline, and the last one did so again", 1.0, good=True
    ),
    Word("once", "a trial ran the pipeline, and in the same kernel could not do so again", 0.4, good=True),
    Word("fails", "the trials of a notebook did not run the pipeline", 0.0, good=True),
    Word("catches", "the type checker accepts the project, and reports the planted error", 1.0, good=True),
    Word("by accessor", "as plain, through what the tool's documentation names for it", 0.9, good=True),
    Word("late", "all is named, but only after stages had run in vain", 0.7, good=True),
    Word("during", "found while stages ran", 0.6, good=True),
    Word("partial", "found, and some of what is known of it is named", 0.6, good=True),
    Word(
        "misses", "the type checker accepts the project, with the planted error and without", 0.5, good=True
    ),
    Word(
        "noise",
        "the type checker reports errors in the project as it is, and the planted one too",
        0.5,
        good=True,
    ),
    Word(
        "in vain",
        "the type checker reports errors in the project as it is, and not the planted one",
        0.2,
        good=True,
    ),
    Word("obscure", "found, and nothing of what is known of it is named", 0.2, good=True),
    Word("not named", "the message does not name it", 0.0, good=True),
    Word("never", "the command ended well", 0.0, good=True),
    Word("needs the tool", "the stage cannot be called outside the tool", 0.0, good=True),
    Word("not reached", "the breakpoint stopped nothing, or ended the run", 0.0, good=True),
    Word("silent", "accepted; the run ended well and what it delivered is wrong", 0.0, good=True),
    Word("hangs", "the command did not end within its time limit", 0.0),
    Word("crashed", "the command ended with an exit code other than 0", 0.0),
    Word("wrong output", "the command ended well, but what came out differs from the control's", 0.0),
)
NOTHING_RUN = "nothing was run"


def judge(attempt: Attempt, control: Attempt | None, pipeline: Pipeline) -> Verdict:  # noqa: ARG001 - the contract's
    """Judge a trial by the question that its facts answer."""
    early = common(attempt)
    if early is not None:
        return early
    for fact, judging in JUDGING.items():
        if fact in attempt.facts:
            return judging(attempt, control)
    return error(attempt, NOTHING_RUN)


def samples(attempt: Attempt, pipeline: Pipeline) -> Iterable[Sample]:  # noqa: ARG001 - the contract's
    """Return what was counted, and the seconds until a message or a result."""
    last = max(len(attempt.runs) - 1, 0)
    for indicator, unit, value in _numbers(attempt):
        yield Sample(attempt.trial, attempt.number, last, indicator, unit, value)


def _numbers(attempt: Attempt) -> Iterable[tuple[str, str, float]]:
    facts = attempt.facts
    if "wiring" in facts:
        found = facts["wiring"]
        yield from (
            (f"wiring_{name}", "count", found[name]) for name in ("tokens", "lines", "files", "repeated")
        )
        concepts = ("names", "keywords", "keys", "flags")
        yield "concepts", "count", sum(len(found[name]) for name in concepts)
        yield "surface", "count", len(found["names"])
    if "entries" in facts:
        found = facts["entries"]
        yield "remote_commands", "count", len(found["remote"])
        yield "entry_words", "count", len(found["only_local"]) + len(found["only_remote"])
    if "edited" in facts and attempt.runs:
        yield from _loop(attempt.runs[-1], facts["edited"])
    if facts.get("unit", {}).get("seconds") is not None:
        yield "unit_test", "s", facts["unit"]["seconds"]
    if "said" in facts and attempt.runs:
        run, whole = attempt.runs[-1], attempt.runs[-1].seconds("exit")
        if not run.ended.well and whole is not None:
            yield "message_after", "s", whole
            yield "lines_said", "count", facts["said"]["lines"]


def _loop(run: Run, stage: str) -> Iterable[tuple[str, str, float]]:
    first = run.seconds("first_body")
    ends = [body.end for body in run.bodies if body.stage == stage and body.end is not None]
    if first is not None:
        yield "edit_to_first_body", "s", first
    if ends:
        yield "edit_to_result", "s", (max(ends) - run.marks["spawn"]) / 1e9


def _judge_wiring(attempt: Attempt, _: Attempt | None) -> Verdict:
    found = attempt.facts["wiring"]
    sentence = (
        f"{found['tokens']} tokens beside the stages, in {found['files']} files; "
        f"of the tool: {', '.join(found['names']) or 'nothing'}"
    )
    return Verdict(attempt.trial, "measured", "counted", sentence)


def _judge_entries(attempt: Attempt, _: Attempt | None) -> Verdict:
    found = attempt.facts["entries"]
    sentence = (
        f"{len(found['local'])} command here, {len(found['remote'])} to a remote run; "
        f"{len(found['only_remote'])} words only there, {len(found['only_local'])} only here"
    )
    if "files" in found:  # Sets made before these were noted have them not.
        sentence += f"; {_same_file(found['files'])}, {_same_parameters(found['parameters'])}"
    return Verdict(attempt.trial, "measured", "compared", sentence)


def _same_file(files: Mapping[str, list[str]]) -> str:
    here, there = files["local"], files["remote"]
    if here == there:
        return "both start the same file" if here else "neither names a file"
    if not there:
        return f"the remote run names no file, the local one {', '.join(here)}"
    return f"the remote run starts {', '.join(there)}, the local one {', '.join(here) or 'no file'}"


def _same_parameters(given: Mapping[str, bool]) -> str:
    if given["local"] == given["remote"]:
        return "parameters are given alike" if given["local"] else "neither takes parameters"
    return f"only the {'local' if given['local'] else 'remote'} one takes parameters"


def _judge_mistake(attempt: Attempt, control: Attempt | None) -> Verdict:
    """Say when a mistake was found, what the message names, and what came out where nothing was said."""
    facts = attempt.facts
    if facts["mistake"].get("prevented") is not None:
        return Verdict(attempt.trial, "measured", "prevented", facts["mistake"]["prevented"])
    truth = _plain(control)
    run = _last(attempt)
    # Sets made before the linter looked have no such fact.
    linted = facts["mistake"].get("linted", ())
    if run is None or truth is None:
        return error(attempt, NO_CONTROL if truth is None else NOTHING_RUN)
    if run.ended.stopped_by is not None:
        return Verdict(
            attempt.trial, "failed", "hangs", f"{STOPPED[run.ended.stopped_by]}, and nothing was said"
        )
    if run.ended.well:
        right = run.result_digest == truth.result_digest and not facts["mistake"]["always"]
        word = "harmless" if right else "silent"
        return Verdict(attempt.trial, "measured", word, f"the command ended well, and what it delivered is "
                       f"{'right' if right else 'wrong'}", {"when": "edit" if linted else "never"})  # fmt: skip
    named = facts["said"]["named"]
    # Without the tracer it cannot be seen whether a stage had run.
    when = "during" if facts["said"]["ran"] else "before"
    words = {
        "when": "edit" if linted else when,
        **{part: "named" if one else "not named" for part, one in named.items()},
    }
    missing = [part for part, one in named.items() if not one]
    late = facts["mistake"]["early"] and when == "during"
    word = "partial" if missing else "late" if late else "clear"
    if len(missing) == len(named):
        word = "obscure"
    shown = f"; a linter shows it where it is typed: {', '.join(linted)}" if linted else ""
    sentence = f"found {'while' if when == 'during' else 'before any of'} the stages ran; the message " + (
        f"does not name: {', '.join(missing)}" if missing else "names all that is known of it"
    )
    return Verdict(attempt.trial, "measured", word, sentence + shown, words)


def _judge_loop(attempt: Attempt, control: Attempt | None) -> Verdict:
    run, truth = _last(attempt), None if control is None else _last(control)
    if run is None or control is None or truth is None or not truth.ended.well:
        return error(attempt, NO_CONTROL)
    # The runs before the edit; files are looked at, for which the graph is not needed.
    left_out = between((one for one in control.runs if one.role != "resumed"), Pipeline("none"))
    word, outcome, sentence = "right", "measured", "the edit is in the result"
    if run.ended.stopped_by is not None:
        word, outcome, sentence = "hangs", "failed", f"ended at its {run.ended.stopped_by} limit"
    elif not run.ended.well:
        word, outcome, sentence = "crashed", "failed", f"ended with {run.ended.how}"
    elif same_results(run, truth, left_out) is not None:
        word, outcome, sentence = "wrong output", "failed", "the edit is not in the result"
    return Verdict(attempt.trial, _outcome(outcome), word, sentence)


def _outcome(name: str) -> Outcome:
    return "measured" if name == "measured" else "failed"


def _judge_unit(attempt: Attempt, _: Attempt | None) -> Verdict:
    found = attempt.facts["unit"]
    return Verdict(attempt.trial, "measured", found["word"], found["sentence"])


def _judge_debugger(attempt: Attempt, control: Attempt | None) -> Verdict:
    run, truth = _last(attempt), _plain(control)
    if run is None or truth is None:
        return error(attempt, NO_CONTROL)
    stopped = attempt.facts["debugger"]["answered"]
    if stopped and run.ended.well and run.result_digest == truth.result_digest:
        return Verdict(attempt.trial, "measured", "reached", "the debugger answered from inside the stage")
    why = f"the run ended with {run.ended.how}" if not run.ended.well else "the run went on"
    return Verdict(
        attempt.trial,
        "measured",
        "not reached",
        f"the debugger {'answered, but' if stopped else 'did not answer;'} {why}",
    )


def _judge_notebook(attempt: Attempt, control: Attempt | None) -> Verdict:
    """Judge by the trace and what was delivered; that a trial ended without an error is not enough."""
    run, truth = _last(attempt), _plain(control)
    if run is None or truth is None:
        return error(attempt, NO_CONTROL)
    if run.ended.stopped_by is not None:
        return Verdict(attempt.trial, "failed", "hangs", STOPPED[run.ended.stopped_by])
    errors = attempt.facts["notebook"]["errors"]
    if errors is None:
        return Verdict(attempt.trial, "failed", "crashed", f"the notebook ended with {run.ended.how}")
    if errors[0] is not None:
        return Verdict(attempt.trial, "measured", "fails", errors[0])
    ran = Counter(body.stage for body in run.bodies)
    if run.result_digest != truth.result_digest:
        return Verdict(
            attempt.trial, "measured", "fails", "the trials ended well, and delivered something else"
        )
    least = min((ran[body.stage] for body in truth.bodies), default=0)
    if least == 0:
        return Verdict(attempt.trial, "measured", "fails", "the trials ended well, and not all stages ran")
    again = errors[1] or ("not all stages ran again" if least < len(errors) else None)
    if again is not None:
        return Verdict(attempt.trial, "measured", "once", f"the second time: {again}")
    return Verdict(attempt.trial, "measured", "runs", "the last trial ran the pipeline each time")


def _judge_types(attempt: Attempt, _: Attempt | None) -> Verdict:
    """Judge each checker; the worse one's word is the trial's."""
    words = {}
    for checker, found in attempt.facts["types"].items():
        accepts, caught = not found["before"], bool(found["new"])
        words[checker] = (
            ("catches" if caught else "misses") if accepts else ("noise" if caught else "in vain")
        )
    values = {word.name: word.value for word in WORDS}
    worst = min(words.values(), key=lambda word: values[word])
    counts = ", ".join(
        f"{name}: {len(found['before'])} errors as it is, {len(found['new'])} more with the planted one"
        for name, found in attempt.facts["types"].items()
    )
    return Verdict(attempt.trial, "measured", worst, counts, words)


JUDGING: Mapping[str, Callable[[Attempt, Attempt | None], Verdict]] = {
    "wiring": _judge_wiring,
    "entries": _judge_entries,
    "mistake": _judge_mistake,
    "edited": _judge_loop,
    "unit": _judge_unit,
    "debugger": _judge_debugger,
    "notebook": _judge_notebook,
    "types": _judge_types,
}


def _last(attempt: Attempt) -> Run | None:
    runs = [run for run in attempt.runs if run.role != "probe"]
    return runs[-1] if runs else None


def _plain(control: Attempt | None) -> Run | None:
    """Return the control's run without the mistake."""
    runs: Iterable[Any] = () if control is None else control.runs
    return next((run for run in runs if run.role == "verifying" and run.ended.well), None)
