"""Planted processes and memory: accounted for to the last of the tree, and none left."""

from pathlib import Path

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
