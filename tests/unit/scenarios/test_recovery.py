"""The words of the recovery scenario, from stored facts alone."""

from pathlib import Path
from typing import Any

import pytest

from bench.contract.records import Attempt, BodyRun, Ended, LeftBehind, Run
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from bench.pipeline import File, Pipeline, Settings
from tests.unit import facts

JUDGING = rules_of(Path(__file__).parents[3] / "scenarios" / "recovery")
SECOND = 1_000_000_000
FAILED = Ended(exit_code=1)


def prepare(results: str) -> float:
    """Prepare; only the signature is used."""
    return len(results) / 2


def publish(prepared: float, results: str) -> None:
    """Publish; only the signature is used."""


def pipeline(**settings: Any) -> Pipeline:
    """Return two stages, the first with settings."""
    flow = Pipeline("two")
    results = flow.parameter("results", File)
    prepared = flow.stage(prepare, Settings(output="prepared", cached=True, **settings), results=results)
    flow.stage(publish, prepared=prepared, results=results)
    return flow


def body(stage: str, start: float, end: float | None, error: str | None = None) -> BodyRun:
    """Return a call of a stage, in seconds since the start."""
    return BodyRun(
        stage=stage,
        pid=1,
        thread=1,
        start=int(start * SECOND),
        end=None if end is None else int(end * SECOND),
        error=error,
    )


def run(role: str, *bodies: BodyRun, **changes: Any) -> Run:
    """Return a run of three seconds."""
    return facts.run(3.0, role=role, bodies=bodies, **changes)


FIRST = run(
    "fresh", body("prepare", 1.0, 2.0), body("publish", 2.0, 2.1, "E"), ended=FAILED, result_digest={}
)
RESUMED = run("resumed", body("publish", 1.0, 1.1))
TRUTH = facts.attempt(facts.trial("control", scenario="recovery"), run("verifying"))


def judge(
    *runs: Run, flow: Pipeline | None = None, truth: Attempt | None = TRUTH, **stored: Any
) -> Verdict:
    """Judge an attempt of these runs and facts."""
    found = facts.attempt(facts.trial(scenario="recovery"), *runs, facts=stored)
    return JUDGING.judge(found, truth, flow or pipeline())


def state(*states: str | None) -> dict[str, Any]:
    """Return the states that a tool told, one after the other."""
    return {"states": [{"after_s": 5.0 * number, "state": one} for number, one in enumerate(states)]}


def test_who_goes_on_where_it_broke_off_has_recovered() -> None:
    """Every respect has its own word."""
    verdict = judge(FIRST, RESUMED, **state("failed"))
    assert (verdict.outcome, verdict.word) == ("measured", "recovered")
    assert verdict.words == {
        "output": "right",
        "work": "all kept",
        "afterwards": "nothing goes on",
        "state": "truthful",
    }


def test_all_words_are_from_the_closed_list() -> None:
    """And every word has a value, the best ones 1."""
    assert {word.name for word in JUDGING.words} >= {"recovered", "all over again", "lost", "hangs"}
    assert all(0.0 <= word.value <= 1.0 for word in JUDGING.words)


def test_a_finished_body_that_runs_again_is_work_done_again() -> None:
    """What published is not: it is to run in every run."""
    again = run("resumed", body("prepare", 1.0, 2.0), body("publish", 2.0, 2.1))
    verdict = judge(FIRST, again)
    assert (verdict.outcome, verdict.word) == ("measured", "all over again")
    assert "1.0 of 1.0 s" in verdict.sentence


def test_a_mapped_stage_has_only_to_run_for_what_is_missing() -> None:
    """One of three items had failed: two calls more than that one are one too many."""
    calls = [body("prepare", 0.1, 0.3), body("prepare", 0.3, 0.5), body("prepare", 0.5, 0.6, "E")]
    first = run("fresh", *calls, ended=FAILED)
    for ran, word in ((1, "all kept"), (2, "kept in part"), (3, "all over again")):
        resumed = run("resumed", *[body("prepare", 0.1, 0.3)] * ran, body("publish", 1.0, 1.1))
        assert judge(first, resumed, calls={"prepare": 3}).word in (word, "recovered")
        assert judge(first, resumed, calls={"prepare": 3}).words["work"] == word


@pytest.mark.parametrize(
    ("resumed", "word"),
    [
        ({"ended": FAILED}, "not recovered"),
        ({"ended": Ended(exit_code=None, signal=9, stopped_by="time")}, "hangs"),
        ({"result_digest": {}}, "lost"),
        ({"result_digest": {"out.json": "other"}}, "wrong output"),
    ],
)
def test_what_is_delivered_in_the_end_decides(resumed: dict[str, Any], word: str) -> None:
    """Beside it, work that was kept counts for nothing."""
    verdict = judge(FIRST, run("resumed", body("publish", 1.0, 1.1), **resumed))
    assert (verdict.outcome, verdict.word) == ("failed", word)


def test_a_failure_that_the_exit_code_hides_is_lost_output() -> None:
    """Nobody goes on after a run that seems to have ended well."""
    assert judge(run("fresh", body("prepare", 1.0, 2.0, "E"), result_digest={})).word == "lost"


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (("failed",), "recovered"),
        (("crashed",), "recovered"),
        (("running", "crashed"), "recovered"),
        (("running", "running"), "says running"),
        (("unfinished", "unfinished"), "says unfinished"),
        (("succeeded",), "says succeeded"),
        ((None,), "lost record"),
    ],
)
def test_the_last_state_that_is_told_must_be_true(told: tuple[str | None, ...], word: str) -> None:
    """A record may take its time."""
    assert judge(FIRST, RESUMED, **state(*told)).word == word


def test_a_tool_that_declares_no_record_is_not_blamed_for_it() -> None:
    """The word is shown, and counts for nothing here."""
    verdict = judge(FIRST, RESUMED, lacks=["run_history"])
    assert (verdict.word, verdict.words["state"]) == ("recovered", "no record")


def test_a_stage_that_ends_after_the_command_has_gone_on() -> None:
    """And it is no work that had ended before."""
    first = run("fresh", body("prepare", 1.0, 4.0), ended=Ended(signal=9), result_digest={})
    verdict = judge(first, run("resumed", body("prepare", 1.0, 2.0), body("publish", 2.0, 2.1)))
    assert verdict.word == "goes on"
    assert verdict.words["work"] == "nothing to keep"


def test_processes_that_are_still_there_are_left_behind() -> None:
    """Seen also without the tracer."""
    first = run("fresh", ended=FAILED, traced=False, left_behind=(LeftBehind(pid=2, argv=("worker",)),))
    verdict = judge(first, run("resumed", traced=False))
    assert (verdict.outcome, verdict.word) == ("failed", "left behind")
    assert "work" not in verdict.words


@pytest.mark.parametrize(
    ("moments", "lacks", "word"),
    [
        ((0.0, 1.1, 2.2), (), "recovered"),
        ((0.0,), (), "ignored"),
        ((0.0, 1.1), (), "too few tries"),
        ((0.0, 0.2, 1.4), (), "too early"),
        ((0.0, 0.2, 0.4), ("retry_delay",), "recovered"),
    ],
)
def test_retries_are_counted_and_timed(
    moments: tuple[float, ...], lacks: tuple[str, ...], word: str
) -> None:
    """By what the stage itself noted; a delay that is declared absent is not asked for."""
    notes = [["tried", moment] for moment in moments]
    flow = pipeline(retries=2, retry_delay=1)
    runs = (run("fresh"),) if len(moments) == 3 else (FIRST, RESUMED)
    assert judge(*runs, flow=flow, notes=notes, lacks=list(lacks)).word == word


@pytest.mark.parametrize(
    ("notes", "runs", "word"),
    [
        ([["tried", 0.0]], (FIRST, RESUMED), "recovered"),
        ([["tried", 0.0], ["woke", 12.0]], (run("fresh"),), "ignored"),
        ([["tried", 0.0], ["woke", 12.0]], (FIRST, RESUMED), "body goes on"),
    ],
)
def test_a_limit_must_end_the_body(notes: list[list[Any]], runs: tuple[Run, ...], word: str) -> None:
    """Telling that it was too long is not enough."""
    assert judge(*runs, flow=pipeline(timeout=2), notes=notes).word == word


def test_a_fault_that_was_not_felt_is_an_error() -> None:
    """Nothing is said about the tool."""
    verdict = judge(run("fresh", body("prepare", 1.0, 2.0)), strikes=True)
    assert verdict.outcome == "error"
    assert "not felt" in verdict.sentence


def test_without_the_controls_run_nothing_is_said() -> None:
    """The truth is what it delivers without the fault."""
    assert judge(FIRST, RESUMED, truth=None).outcome == "error"


@pytest.mark.parametrize(
    ("refuses", "outcome"), [("ENOSPC", "measured"), ("EROFS", "measured"), (None, "error")]
)
def test_a_disk_that_took_the_output_all_the_same_is_an_error_of_the_case(
    refuses: str | None, outcome: str
) -> None:
    """Such as one from which the tool has removed the ballast: nothing is said of the tool."""
    verdict = judge(FIRST, RESUMED, refuses=refuses)
    assert verdict.outcome == outcome
    assert ("the fault was not felt" in verdict.sentence) == (outcome == "error")
