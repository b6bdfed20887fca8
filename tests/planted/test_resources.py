"""Planted processes and memory: accounted for to the last of the tree, and none left."""

from pathlib import Path

from bench.execution import sandbox
from bench.host import machine
from bench.judging.full_runs import judge_full_runs
from tests.planted.measuring import Bench

MEGABYTE = 1e6


def alive(pid: int) -> bool:
    """Whether a process still runs."""
    return Path(f"/proc/{pid}").exists()


def test_a_process_left_behind_is_named_and_ended(bench: Bench) -> None:
    """It is an observation about the tool, and does not outlive its run."""
    run = bench.run("left_behind")
    assert [left.argv for left in run.left_behind] == [("sleep", "600")]
    assert not alive(run.left_behind[0].pid)


def test_nothing_is_left_behind_by_the_twin(bench: Bench) -> None:
    """The same run without the fault names none."""
    assert bench.run().left_behind == ()


def test_the_cpu_time_of_a_detached_grandchild_is_counted(bench: Bench) -> None:
    """It burns 1 s after the main process has ended; a wait for the child alone would miss it."""
    run, aa_check = bench.run("detached_cpu"), bench.run()
    seconds = (run.usage.user_s + run.usage.system_s) - (aa_check.usage.user_s + aa_check.usage.system_s)
    assert 0.95 < seconds < 1.10, f"{seconds:.3f} s"


def test_memory_held_in_a_grandchild_is_counted(bench: Bench) -> None:
    """200 MB, held for 0.6 s two processes down."""
    run, aa_check = bench.run("held_memory"), bench.run()
    held = ((run.usage.peak_bytes or 0) - (aa_check.usage.peak_bytes or 0)) / MEGABYTE
    assert 190 < held < 230, f"{held:.0f} MB"


def test_page_cache_is_not_memory(bench: Bench) -> None:
    """300 MB are read from a file and nothing of it is held."""
    peak = (bench.run("read_file").usage.peak_bytes or 0) / MEGABYTE
    assert 0 < peak < 30, f"{peak:.0f} MB"


def test_written_files_and_bytes_are_counted(bench: Bench) -> None:
    """One file of 300 MB more than the A/A check writes."""
    run, aa_check = bench.run("read_file"), bench.run()
    assert run.usage.files - aa_check.usage.files == 1
    assert run.usage.bytes_written - aa_check.usage.bytes_written == 300 * MEGABYTE


def test_what_is_no_file_is_named_and_never_waited_for(bench: Bench) -> None:
    """A FIFO in the results would hang the harness for ever, 100 GB of nothing would fill its memory."""
    driver = bench.driver("odd_files")
    run = driver.run("fresh")
    assert [one.split(":")[0] for one in run.odd_files] == ["stdout.txt", "fifo", "socket", "sparse"]
    assert run.odd_files[:3] == ("stdout.txt: a FIFO", "fifo: a FIFO", "socket: a socket")
    assert run.result_digest["zero"] == "link to /dev/zero"
    assert "in place of the file: a FIFO" in driver.logs(run)[0].read_text()
    assert driver.run("reused").odd_files == run.odd_files


def test_folders_that_are_too_deep_stop_no_later_run(bench: Bench) -> None:
    """They are named, and gone with the sandbox."""
    driver = bench.driver("deep_folders")
    run = driver.run("fresh")
    assert len(run.odd_files) == 1
    assert "cannot be listed: File name too long" in run.odd_files[0]
    assert driver.run("reused").ended.well
    assert sandbox.remove(driver.sandbox) == []
    assert not driver.sandbox.root.exists()


def test_a_run_that_fills_the_memory_is_ended_by_the_harness(bench: Bench) -> None:
    """Before the kernel picks a victim; the limit is kept with the run and told."""
    driver = bench.driver("hoards_memory")
    driver.executor.memory_limit = 150_000_000
    run = driver.run("fresh")
    assert run.ended.stopped_by == "memory"
    assert run.command.memory_limit == 150_000_000
    control = bench.driver(tool="control")
    control.run("fresh")
    pipeline = bench.definition.pipeline
    verdict = judge_full_runs(bench.attempt(driver), bench.attempt(control), pipeline)
    assert (verdict.outcome, verdict.word) == ("failed", "out of memory")
    assert "memory limit of 0.1 GB" in verdict.sentence or "memory limit of 0.2 GB" in verdict.sentence


def test_every_run_has_a_memory_limit(bench: Bench) -> None:
    """A share of the machine's memory, where its command names none."""
    assert bench.run().command.memory_limit == machine.run_memory()
