"""The file for pytest-benchmark: its own command reads it."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import mean, median, stdev

import pytest

from bench.report import benchmark_json
from tests.unit.facts import attempt, run, trial
from tests.unit.sets import blocks, made, results

COMPARE = Path(sys.executable).with_name("pytest-benchmark")


def compared(folder: Path, *names: str) -> str:
    """Run pytest-benchmark's own compare command."""
    done = subprocess.run(
        [COMPARE, "compare", "--columns=min,median,max,rounds,outliers,ops", *names],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pytest_benchmark_compares_the_targets_of_a_set(tmp_path: Path) -> None:
    """A table for each time, a row for each target."""
    known = made(tmp_path / "set", control=1.0, one=2.0)
    (tmp_path / "benchmark.json").write_text(benchmark_json.text(known))
    page = compared(tmp_path, "benchmark.json")
    assert "benchmark 'startup/hello/whole_run': 2 tests" in page
    assert "control[local]" in page
    assert "one[local]" in page


def test_pytest_benchmark_compares_two_sets(tmp_path: Path) -> None:
    """Both in one table."""
    for name, seconds in (("a", 1.0), ("b", 2.0)):
        known = made(tmp_path / name, control=seconds)
        (tmp_path / f"{name}.json").write_text(benchmark_json.text(known))
    assert "benchmark 'startup/hello/whole_run': 2 tests" in compared(tmp_path, "a.json", "b.json")


def test_its_numbers_are_those_of_the_samples(tmp_path: Path) -> None:
    """Recomputed by the standard library."""
    times = [1.0, 1.2, 0.9, 1.1, 1.05, 5.0]
    known = results(
        tmp_path / "set",
        *(attempt(trial("control", block), run(value)) for block, value in enumerate(times)),
    )
    found = json.loads(benchmark_json.text(known))["benchmarks"]
    stats = next(one["stats"] for one in found if one["group"] == "startup/hello/whole_run")
    assert stats["rounds"] == 6
    assert (stats["min"], stats["max"]) == (0.9, 5.0)
    assert stats["mean"] == pytest.approx(mean(times))
    assert stats["stddev"] == pytest.approx(stdev(times))
    assert stats["median"] == pytest.approx(median(times))
    assert (stats["iqr_outliers"], stats["hd15iqr"]) == (1, 1.2)


def test_one_sample_is_enough(tmp_path: Path) -> None:
    """It has no deviation."""
    (tmp_path / "benchmark.json").write_text(benchmark_json.text(made(tmp_path / "set", 1, control=1.0)))
    assert "control[local]" in compared(tmp_path, "benchmark.json")


def test_only_times_are_in_it(tmp_path: Path) -> None:
    """pytest-benchmark knows nothing else."""
    found = json.loads(benchmark_json.text(made(tmp_path / "set", control=1.0)))["benchmarks"]
    assert {one["group"].rpartition("/")[2] for one in found} == {
        "first_body", "whole_run", "after_last_body", "outside_bodies", "cpu",
    }  # fmt: skip


def test_it_names_no_host(tmp_path: Path) -> None:
    """The machine is told by what it is."""
    known = results(tmp_path / "set", *blocks(1, control=1.0))
    assert json.loads(benchmark_json.text(known))["machine_info"]["node"] == "here"
