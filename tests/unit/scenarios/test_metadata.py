"""What the metadata scenario says of answers, from stored facts alone."""

from pathlib import Path
from typing import Any

import pytest

from bench.contract.records import Attempt, BodyRun, Declared
from bench.judging.results import read
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from bench.scenarios import find
from bench.scoring.readings import Readings
from tests.unit.facts import SECOND, attempt, chain, run, trial
from tests.unit.sets import stored

JUDGING = rules_of(find("metadata"))


def known(nonce: str = "aa", index: int = 0, ended: str = "succeeded", **changes: Any) -> dict[str, Any]:
    """Return what the scenario noted of a run of one second."""
    return {
        "nonce": nonce,
        "index": index,
        "parameters": {"nonce": nonce, "seed": 1},
        "ended": ended,
        "spawned": 1000.0,
        "exited": 1001.0,
        "exit_ns": SECOND,
        "delivered": None,
        **changes,
    }


def asked(ask: str, value: Any, **changes: Any) -> dict[str, Any]:
    """Return a stored question with its answer."""
    return {
        "id": ask,
        "ask": ask,
        "arguments": {"nonce": "aa"},
        "check": ask,
        "needs": ["run_history"],
        "among": 1,
        "value": value,
        "route": "api",
        "seconds": 0.01,
        "at": 2 * SECOND,
        "error": None,
        "tokens": 20,
        **changes,
    }


def told(*questions: dict[str, Any], case: str = "succeeded", **facts: Any) -> Attempt:
    """Return an attempt of one run with these answers."""
    every = {"runs": {"first": known()}, "asked": list(questions), "absent": {}, **facts}
    return attempt(trial(scenario="metadata", case=case), run(1.0), facts=every)


def verdict(*questions: dict[str, Any], case: str = "succeeded", **facts: Any) -> Verdict:
    return JUDGING.judge(told(*questions, case=case, **facts), None, chain())


@pytest.mark.parametrize(
    ("question", "word"),
    [
        (asked("state", "succeeded"), "right"),
        (asked("state", "running"), "wrong"),
        (asked("state", None), "none"),
        (asked("state", None, route=None), "none"),
        (asked("state", None, error="KeyError: 'aa'"), "none"),
        (asked("parameters", {"nonce": "aa", "seed": 1, "more": 2}), "right"),
        (asked("parameters", {"nonce": "aa"}), "partial"),
        (asked("parameters", {"nonce": "aa", "seed": 2}), "wrong"),
        (asked("parameters", "seed=1"), "wrong"),
        (asked("started", 1000.2), "right"),
        (asked("started", 1000.9), "wrong"),
        (asked("ended", 1001.1), "right"),
        (asked("ended", 1000.1), "wrong"),
        (asked("stdout", "told on stdout: aa\n", arguments={"nonce": "aa", "stage": "begin"}), "right"),
        (asked("stdout", "Finished", arguments={"nonce": "aa", "stage": "begin"}), "none"),
        (asked("made_from", ["begin"], arguments={"nonce": "aa", "stage": "finish"}), "right"),
        (asked("made_from", ["begin", "x"], arguments={"nonce": "aa", "stage": "finish"}), "partial"),
        (asked("made_from", ["x"], arguments={"nonce": "aa", "stage": "finish"}), "wrong"),
        (asked("versions", ["1", "1", "2"], arguments={"nonces": ["aa"] * 3}), "right"),
        (asked("versions", ["1", "1", "1"], arguments={"nonces": ["aa"] * 3}), "partial"),
        (asked("versions", ["1", "2", "3"], arguments={"nonces": ["aa"] * 3}), "wrong"),
        (asked("versions", [None, None, None], arguments={"nonces": ["aa"] * 3}), "none"),
        (asked("environment", {"python": None}), "none"),
        (asked("runs", ["aa"], arguments={}), "right"),
        (asked("runs", ["aa", "bb"], arguments={}), "wrong"),
        (asked("runs", [], arguments={}), "none"),
    ],
)
def test_an_answer_is_compared_with_what_is_known_of_the_run(question: dict[str, Any], word: str) -> None:
    """A wrong one fails the trial, so that it is tried again; one that lacks does not."""
    judged = verdict(question)
    assert dict(judged.words) == {question["id"]: word}, judged.sentence
    assert judged.word == word
    assert judged.outcome == ("failed" if word == "wrong" else "measured")


@pytest.mark.parametrize(
    ("state", "word"),
    [("crashed", "right"), ("unfinished", "partial"), ("running", "wrong"), ("succeeded", "wrong")],
)
def test_a_killed_run_has_ended_badly(state: str, word: str) -> None:
    """To say only that it has not ended is true, and not enough."""
    killed = {"first": known(ended="killed")}
    assert verdict(asked("state", state), case="killed", runs=killed).word == word


def test_what_is_declared_absent_is_unsupported_where_nothing_is_told() -> None:
    """What is told all the same is judged."""
    absent = {"run_history": {"scope": "mode", "reason": "a local run leaves no record"}}
    alone = verdict(asked("state", None, route=None), absent=absent)
    assert (alone.outcome, alone.word) == ("unsupported", "unsupported")
    assert "in this mode: a local run leaves no record" in alone.sentence
    beside = verdict(asked("state", None, route=None), asked("parameters", {}), absent=absent)
    assert dict(beside.words) == {"state": "unsupported", "parameters": "none"}


def test_one_wrong_answer_is_the_word_of_the_trial() -> None:
    """Worse than any that is missing."""
    judged = verdict(asked("state", "failed"), asked("started", 1000.2), asked("ended", None))
    assert judged.word == "wrong"
    assert "1 of 3 right" in judged.sentence


def test_an_answer_by_the_layout_is_worth_half_and_by_internals_nothing() -> None:
    """And the sentence names the route."""
    from sys import modules

    worth = modules[JUDGING.judge.__module__].worth
    of = told(asked("state", "succeeded", route="layout"), asked("started", 1000.2, route="internals"))
    assert worth(of, chain()) == {"state": 0.5, "started": 0.0}
    assert "by layout: state" in JUDGING.judge(of, None, chain()).sentence


def test_a_question_is_judged_by_the_runs_that_there_were_when_it_was_asked() -> None:
    """The list of one run was right when there was one."""
    runs = {"first": known(), "run 1": known("bb", 0)}
    early = asked("runs", ["aa"], arguments={}, id="early")
    late = asked("runs", ["aa"], arguments={}, among=2, id="late")
    assert dict(verdict(early, late, runs=runs).words) == {"early": "right", "late": "partial"}


def test_the_origin_of_a_cached_result_is_asked_only_where_one_was_reused() -> None:
    """Else there is none to tell."""
    question = asked("cached_from", None, arguments={"nonce": "aa", "stage": "begin"})
    assert dict(verdict(asked("state", "succeeded"), question).words) == {"state": "right"}
    reused = run(1.0, bodies=(BodyRun(stage="finish", pid=1, thread=1, start=0, end=1),))
    facts = {"runs": {"first": known()}, "asked": [question], "absent": {}}
    judged = JUDGING.judge(attempt(trial(case="succeeded"), reused, facts=facts), None, chain())
    assert dict(judged.words) == {"cached_from": "none"}


def test_runs_that_went_otherwise_than_the_case_needs_are_an_error() -> None:
    """Nothing is said of the tool then."""
    assert verdict(asked("state", "failed"), runs={"first": known(ended="failed")}).outcome == "error"
    assert verdict().outcome == "error"


def test_what_was_declared_is_not_judged() -> None:
    """Such as a case that was not attempted."""
    declared = Declared(outcome="not attempted", reason="no second version")
    of = attempt(trial(case="upgrade"), declared=declared)
    assert JUDGING.judge(of, None, chain()).outcome == "not attempted"


def test_a_record_has_settled_when_it_is_first_told_of_all_tasks() -> None:
    """Counted from the end of the command."""
    fanned = {"first": known(parameters={"nonce": "aa", "count": 3})}
    by = {"arguments": {"nonce": "aa", "stage": "begin"}, "check": "recorded"}
    late = asked("recorded", 1, id="at once", **by)
    whole = asked("recorded", 3, id="later", at=5 * SECOND, **by)
    of = told(late, whole, case="fanned", runs=fanned)
    assert [(one.indicator, one.value) for one in JUDGING.samples(of, chain())] == [("settled", 4.0)]


def test_growth_is_what_each_run_after_the_first_adds() -> None:
    """In megabytes; the latency is that of the list of runs."""
    facts = {"bytes at 1": 2_000_000, "bytes at 11": 7_000_000}
    list_one = asked("runs", ["aa"], arguments={}, id="list the runs, of 1")
    found = {
        one.indicator: one.value
        for one in JUDGING.samples(told(list_one, case="history", **facts), chain())
    }
    assert found == {"latency_one": 0.01, "growth": 0.5}


def test_a_requirement_on_a_case_asks_for_its_own_word(tmp_path: Path) -> None:
    """Not for those of its parts, of which one may be right and another not there."""
    one = told(asked("state", "succeeded"), asked("parameters", {"nonce": "aa"}))
    results = read(stored(tmp_path, one, scenarios=("metadata",)))
    readings = Readings(results.manifest, results.loaded, results.judge)
    target = one.trial.target
    word = results.judge.verdict(one.trial).word
    assert word == "partial"
    assert readings.has(target, "metadata/succeeded", ["partial"]) is True
    assert readings.has(target, "metadata/succeeded", ["right"]) is False
    assert readings.has(target, "metadata/succeeded/state", ["right"]) is True
