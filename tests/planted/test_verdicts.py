"""Planted lies: what a tool says of itself is not believed."""

import signal

import pytest

from bench.contract.driver import Point
from bench.contract.trial_exits import TrialFault
from bench.execution.tracing.prepare import HOOK_FOLDER
from bench.judging.transit import in_transit
from bench.pipeline import Pipeline
from tests.planted.measuring import Bench


def test_the_twin_without_a_fault_is_right(bench: Bench) -> None:
    """Every stage ran, and the output is the control's."""
    verdict = bench.judge(None)
    assert (verdict.outcome, verdict.word) == ("measured", "right"), verdict.sentence


def test_exit_code_0_with_wrong_output_is_failed(bench: Bench) -> None:
    """The exit code says nothing; the file that the last stage wrote does."""
    verdict = bench.judge("wrong_output")
    assert (verdict.outcome, verdict.word) == ("failed", "wrong output")
    assert "chain.json" in verdict.sentence


def test_the_right_output_without_a_run_of_the_stages_is_failed(bench: Bench) -> None:
    """It was made by something else."""
    verdict = bench.judge("never_runs")
    assert (verdict.outcome, verdict.word) == ("failed", "never ran")


@pytest.mark.parametrize("fault", ["removes_results", "links_results"])
def test_a_tool_that_takes_its_results_away_delivered_nothing(bench: Bench, fault: str) -> None:
    """It is the tool's failure, and the next run in the same sandbox is not hindered."""
    verdict = bench.judge(fault)
    assert (verdict.outcome, verdict.word) == ("failed", "crashed")
    assert "ended with exit code 0, but failed: it did not write chain.json" in verdict.sentence
    driver = bench.driver(fault)
    driver.run("fresh")
    assert driver.run("reused").ended.well


def test_a_file_name_that_is_no_utf8_can_be_told(bench: Bench) -> None:
    """With the byte shown as what it is."""
    verdict = bench.judge("odd_name")
    assert (verdict.outcome, verdict.word) == ("failed", "wrong output")
    assert "\\xff" in verdict.sentence


def test_what_a_run_leaves_in_the_tracers_folder_reaches_no_other_run(bench: Bench) -> None:
    """The next trial is an error that names the file, until it is gone."""
    driver = bench.driver("writes_to_the_hook")
    driver.run("fresh")
    left = HOOK_FOLDER / "argparse.py"
    try:
        with pytest.raises(TrialFault, match=r"written to: argparse\.py"):
            driver.run("reused")
    finally:
        left.unlink()
    assert bench.run().ended.well


def test_a_lost_trace_is_an_error_and_no_hit(bench: Bench) -> None:
    """Python ran where the tracer could not look, so nothing is said about the tool."""
    verdict = bench.judge("lost_trace")
    assert verdict.outcome == "error"
    assert "-I" in verdict.sentence


def test_a_forked_worker_is_traced(bench: Bench) -> None:
    """Its bodies are seen, in a process of its own."""
    driver = bench.driver("forked")
    run = driver.run("fresh")
    assert {body.stage for body in run.bodies} == {"begin", "go_on", "finish"}
    assert len({body.pid for body in run.bodies}) == 1
    assert bench.judge("forked").word == "right"


def test_a_crash_is_failed_with_its_exit_code(bench: Bench) -> None:
    """The sentence names it."""
    verdict = bench.judge("crashes")
    assert (verdict.outcome, verdict.word) == ("failed", "crashed")
    assert "exit code 3" in verdict.sentence


@pytest.mark.parametrize("fault", ["hangs", "ignores_term"])
def test_a_run_that_hangs_is_ended_with_its_tree_and_its_log_is_kept(bench: Bench, fault: str) -> None:
    """Also what detached itself and ignores SIGTERM."""
    driver = bench.driver(fault)
    run = driver.run("fresh")
    assert run.ended.stopped_by == "time"
    assert "empty" in run.marks
    assert (driver.evidence / run.stdout).read_text() == "before it hangs\n"
    assert bench.judge(fault).word == "timed out"


def test_an_edit_of_the_same_size_within_a_second_is_run(bench: Bench) -> None:
    """Bytecode of the old body would be believed by size and second of change."""
    driver = bench.driver()
    driver.run("fresh")
    changed = Pipeline.from_json(driver.pipeline.as_json())
    text = changed.modules["stages"]
    changed.modules["stages"] = text.replace('value["steps"] + 1}', 'value["steps"] + 7}')
    assert len(changed.modules["stages"]) == len(text)
    driver.change(changed)
    driver.run("changed")
    first, second = driver.runs
    assert first.result_digest != second.result_digest
    assert {body.stage for body in second.bodies} == {"begin", "go_on", "finish"}


def test_a_change_touches_only_files_whose_bytes_differ(bench: Bench) -> None:
    """All others keep their inode and modification time."""
    driver = bench.driver()
    main = driver.sandbox.project / "main.py"
    before = main.stat()
    changed = Pipeline.from_json(driver.pipeline.as_json())
    changed.modules["stages"] += "\n# a comment\n"
    driver.change(changed)
    after = main.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert "# a comment" in (driver.sandbox.project / "stages.py").read_text()


def test_a_value_altered_on_its_way_is_named(bench: Bench) -> None:
    """Integers that became floats are equal, but of another type; the unplanted way is intact."""
    run = bench.run("altered", "verifying")
    ways = {way.consumer: way for way in in_transit(run, bench.definition.pipeline)}
    assert ways["go_on.value"].retyped == ways["go_on.value"].altered == ()
    assert set(ways["finish.value"].retyped) >= {"$.seed", "$.steps"}
    assert ways["finish.value"].altered == ()


def test_a_body_can_be_held_until_the_harness_has_acted(bench: Bench) -> None:
    """The stage waits at its end; what the act does comes before anything after it."""
    driver = bench.driver()
    seen = []
    run = driver.hold(
        "fresh", Point("go_on", "end"), lambda _: seen.append(list(driver.sandbox.results.iterdir()))
    )
    assert seen == [[]]
    assert run.ended.well
    assert "chain.json" in run.result_digest


def test_a_held_body_does_not_go_on_after_its_process_was_killed(bench: Bench) -> None:
    """The signal is there before the body is let go, however short the rest of the run is."""
    for _ in range(5):
        run = bench.driver().hold(
            "fresh", Point("go_on", "start"), lambda running: running.signal(signal.SIGKILL, "main")
        )
        assert run.ended.signal == signal.SIGKILL
        assert run.result_digest == {}
