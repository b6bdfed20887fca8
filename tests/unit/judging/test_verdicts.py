"""The five outcomes, from facts alone."""

from typing import Any

from bench.contract.records import Declared, Ended, Fault, Run
from bench.judging.full_runs import judge_full_runs
from bench.judging.transit import in_transit
from bench.judging.verdicts import needs_again
from tests.unit.facts import attempt, chain, digest, run, trial

CONTROL = attempt(trial("control"))


def judged(**changes: Any) -> tuple[str, str]:
    verdict = judge_full_runs(attempt(trial(), run(**changes)), CONTROL, chain())
    return verdict.outcome, verdict.word


def test_a_good_run_is_measured_and_right() -> None:
    """Every stage ran and the output is the control's."""
    assert judged() == ("measured", "right")


def test_a_fault_is_an_error_whatever_was_run() -> None:
    """It says nothing of the tool."""
    verdict = judge_full_runs(attempt(fault=Fault(where="uv", reason="no network")), CONTROL, chain())
    assert (verdict.outcome, verdict.sentence) == ("error", "uv: no network")


def test_unsupported_and_not_attempted_are_different_words() -> None:
    """And both keep their reason."""
    for outcome in ("unsupported", "not attempted"):
        declared = Declared(outcome=outcome, reason="it needs a cluster")
        verdict = judge_full_runs(attempt(declared=declared), CONTROL, chain())
        assert (verdict.outcome, verdict.sentence) == (outcome, "it needs a cluster")


def test_an_exit_code_is_a_crash() -> None:
    """Also where the output is right."""
    assert judged(ended=Ended(exit_code=2)) == ("failed", "crashed")


def test_a_signal_is_a_crash() -> None:
    """Of the tool, for the harness sent none."""
    assert judged(ended=Ended(signal=11)) == ("failed", "crashed")


def test_a_run_ended_by_the_harness_timed_out() -> None:
    """And is no crash."""
    assert judged(ended=Ended(signal=9, stopped_by="time")) == ("failed", "timed out")


def test_each_limit_has_its_own_word() -> None:
    """Time, memory and output."""
    words = [judged(ended=Ended(signal=9, stopped_by=limit))[1] for limit in ("time", "memory", "output")]
    assert words == ["timed out", "out of memory", "flooded"]


def test_an_attempt_without_a_run_is_an_error() -> None:
    """Nothing was observed, so nothing is right."""
    empty = attempt().__class__(trial=trial(), number=1, evidence="e")
    assert judge_full_runs(empty, CONTROL, chain()).outcome == "error"


def verifying(kind: str = "json", **names: str) -> Run:
    delivered = {"begin.begin_result": digest("s", names.get("delivered", "v"), kind=kind)}
    received = {"finish.value": digest("s", "v", kind=kind)} if "received" not in names else {}
    return run(role="verifying", delivered=delivered, received=received)


def compared(control: Run, other: Run) -> tuple[str, str]:
    verdict = judge_full_runs(attempt(trial(), other), attempt(trial("control"), control), chain())
    return verdict.outcome, verdict.word


def test_a_verifying_run_without_a_digest_is_an_error() -> None:
    """What was not seen is not called intact."""
    assert compared(verifying(), verifying()) == ("measured", "right")
    assert compared(verifying(), run(role="verifying"))[0] == "error"
    assert compared(verifying(), verifying(received="none"))[0] == "error"


def test_a_value_that_was_not_seen_is_an_error() -> None:
    """As older records tell it, and as those of today do."""
    assert compared(verifying("undescribed"), verifying("undescribed"))[0] == "error"
    assert compared(verifying("unseen"), verifying("unseen"))[0] == "error"


def test_other_output_is_wrong_even_with_exit_code_0() -> None:
    """The files are compared with the control's."""
    assert judged(result_digest={"out.json": "other"}) == ("failed", "wrong output")


def test_a_missing_and_an_extra_file_are_wrong() -> None:
    """Both are named."""
    assert judged(result_digest={"log": "1"}) == ("failed", "crashed")
    assert judged(result_digest={"out.json": "right", "more": "x"}) == ("failed", "wrong output")


def test_a_stage_without_a_body_never_ran() -> None:
    """Though the output is right."""
    assert judged(bodies=run().bodies[:1]) == ("failed", "never ran")


def test_a_missing_body_beside_an_untraced_python_is_an_error() -> None:
    """It may have run where the tracer could not look."""
    assert judged(bodies=(), unannounced=(("python", "-I"),)) == ("error", "error")


def test_an_untraced_python_beside_complete_bodies_does_no_harm() -> None:
    """A tool may call pip as it likes."""
    assert judged(unannounced=(("python", "-I", "-m", "pip"),)) == ("measured", "right")


def test_a_run_without_the_tracer_is_judged_from_outside() -> None:
    """By exit code and output."""
    assert judged(traced=False, bodies=()) == ("measured", "right")


def test_a_broken_trace_is_an_error() -> None:
    """Nothing is said of the tool."""
    assert judged(trace_broken="disk full") == ("error", "error")


def test_a_delivered_value_unlike_the_controls_is_wrong() -> None:
    """Though the last file is right."""
    assert compared(verifying(), verifying(delivered="other")) == ("failed", "wrong output")


def test_without_a_good_control_nothing_can_be_said() -> None:
    """There is nothing to compare with."""
    for control in (None, attempt(trial("control"), run(ended=Ended(exit_code=1)))):
        assert judge_full_runs(attempt(), control, chain()).outcome == "error"


def test_only_what_failed_is_tried_again() -> None:
    """An error is not the tool's, and what is right needs no second look."""
    good = judge_full_runs(attempt(), CONTROL, chain())
    bad = judge_full_runs(attempt(trial(), run(ended=Ended(exit_code=1))), CONTROL, chain())
    assert (needs_again(good), needs_again(bad)) == (False, True)


def test_what_happens_in_transit_is_told_part_by_part() -> None:
    """Altered where the value differs, retyped where only its type does."""
    given = digest("s1", "v1", a=("int", "1"), b=("int", "2"), c=("int", "3"))
    got = digest("s2", "v2", a=("int", "1"), b=("float", "2"), c=("int", "4"))
    one = run(delivered={"begin.begin_result": given}, received={"finish.value": got})
    (way,) = in_transit(one, chain())
    assert (way.altered, way.retyped) == (("c",), ("b",))


def test_a_part_that_is_gone_is_altered() -> None:
    """And so is one that was never given."""
    given, got = digest("s1", "v1", a=("int", "1")), digest("s2", "v2", b=("int", "1"))
    one = run(delivered={"begin.begin_result": given}, received={"finish.value": got})
    (way,) = in_transit(one, chain())
    assert way.altered == ("a", "b")


def test_exit_code_0_without_any_output_is_a_crash() -> None:
    """An exit code is not believed."""
    assert judged(result_digest={}) == ("failed", "crashed")
    assert judged(result_digest={}, bodies=run().bodies[:1]) == ("failed", "crashed")


def test_what_the_control_did_not_run_nobody_has_to_run() -> None:
    """A map over nothing has no call."""
    control = attempt(trial("control"), run(bodies=run().bodies[1:]))
    assert judge_full_runs(attempt(trial(), run(bodies=run().bodies[1:])), control, chain()).word == "right"
    assert (
        judge_full_runs(attempt(trial(), run(bodies=run().bodies[:1])), control, chain()).word
        == "never ran"
    )


def test_a_tool_may_reuse_in_the_state_of_an_earlier_run() -> None:
    """A second run that reuses by default is right if what it delivers is."""
    again = run(role="reused", bodies=run().bodies[1:])
    assert judge_full_runs(attempt(trial(), run(), again), CONTROL, chain()).word == "right"
    assert judge_full_runs(attempt(trial(), again), CONTROL, chain()).word == "never ran"
    fresh = run(role="fresh", bodies=run().bodies[1:])
    assert judge_full_runs(attempt(trial(), run(), fresh), CONTROL, chain()).word == "never ran"


def test_a_crash_quotes_the_exception() -> None:
    """An exit code alone tells a reader nothing."""
    crashed = run(ended=Ended(exit_code=1), raised="ValueError: no rows")
    verdict = judge_full_runs(attempt(trial(), crashed), attempt(trial("control"), run()), chain())
    assert verdict.word == "crashed"
    assert verdict.sentence == "the fresh run ended with exit code 1: ValueError: no rows"
