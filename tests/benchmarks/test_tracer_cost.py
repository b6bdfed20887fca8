"""What the tracer costs: it must not show in what is measured."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.contract.source_map import SourceMap, Span
from bench.execution.tracing.prepare import prepare

pytestmark = pytest.mark.benchmarks

Environments = tuple[dict[str, str], dict[str, str]]
PROCESS_LIMIT_S = 0.003
PAIR_LIMIT_S = 20e-6
DROPPED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "ORCHESTRATOR_BENCH_TRACE")


@pytest.fixture
def environments(tmp_path: Path) -> Environments:
    """Return an environment without and one with the tracer."""
    plain = {name: value for name, value in os.environ.items() if name not in DROPPED}
    source_map = SourceMap.of([Span("work", "stages.py", "work", ("number",))])
    return plain, {**plain, **prepare(tmp_path / "trace", tmp_path, source_map, ())}


def seconds(code: str, environment: dict[str, str], folder: Path) -> float:
    """Return how long a Python takes to run code."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=folder, check=True)
    return time.perf_counter() - begin


def paired_medians(code: str, environments: Environments, folder: Path, pairs: int) -> tuple[float, float]:
    """Return the median of the differences of runs side by side, and of the untraced runs."""
    plain, traced = environments
    for environment in environments:
        seconds(code, environment, folder)
    without, differences = [], []
    for number in range(pairs):
        if number % 2:
            one, two = seconds(code, plain, folder), seconds(code, traced, folder)
        else:
            two, one = seconds(code, traced, folder), seconds(code, plain, folder)
        without.append(one)
        differences.append(two - one)
    return median(differences), median(without)


def test_a_process_starts_less_than_three_milliseconds_later(
    environments: Environments, tmp_path: Path
) -> None:
    """Every Python of a tool pays this once."""
    difference, _ = paired_medians("pass", environments, tmp_path, 60)
    assert difference < PROCESS_LIMIT_S


def test_importing_thousands_of_modules_costs_less_than_five_percent(
    environments: Environments, tmp_path: Path
) -> None:
    """The hooks on imports and on starts of programs are met by every module."""
    difference, without = paired_medians("import pandas", environments, tmp_path, 20)
    assert difference < PROCESS_LIMIT_S + 0.05 * without


def test_a_pair_of_events_takes_less_than_twenty_microseconds(
    benchmark: BenchmarkFixture, environments: Environments, tmp_path: Path
) -> None:
    """Entering and leaving a body, two lines written."""
    (tmp_path / "stages.py").write_text("def work(number):\n    return number\n")
    code = (
        "import time, stages\n"
        "def loop(n=5000):\n"
        "    begin = time.perf_counter()\n"
        "    for i in range(n): stages.work(i)\n"
        "    return (time.perf_counter() - begin) / n\n"
        "loop(200); print(min(loop() for _ in range(5)))\n"
    )

    def pair() -> float:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environments[1],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    took: float = benchmark.pedantic(pair, rounds=3)  # type: ignore[no-untyped-call]
    benchmark.extra_info["seconds_per_pair"] = took
    assert took < PAIR_LIMIT_S
