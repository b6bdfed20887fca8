"""How soon the command line answers, and how soon a large result set is read."""

import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.command_line import ROOT

pytestmark = pytest.mark.benchmarks


def answer(*argv: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-m", "bench", *argv], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_help_answers_at_once(benchmark: BenchmarkFixture) -> None:
    """In under 0.2 s.

    The least of the rounds: what a busy machine adds to the others is not the command's.
    """
    benchmark.pedantic(answer, args=("--help",), rounds=7, warmup_rounds=1)  # type: ignore[no-untyped-call]
    assert benchmark.stats.stats.min < 0.2  # type: ignore[union-attr]


def test_a_list_takes_a_few_times_as_long_as_help(benchmark: BenchmarkFixture) -> None:
    """It reads manifests, and imports nothing that measures: four times is usual, six would be too much."""
    began = [time.monotonic()]
    for _ in range(5):
        answer("--help")
        began.append(time.monotonic())
    help_s = min(later - sooner for sooner, later in pairwise(began))
    benchmark.pedantic(answer, args=("list", "tools"), rounds=7, warmup_rounds=1)  # type: ignore[no-untyped-call]
    assert benchmark.stats.stats.min < 6 * help_s  # type: ignore[union-attr]


def test_ten_thousand_records_are_reported_in_seconds(tmp_path: Path) -> None:
    """Near-linearly: four times the records take at most six times as long."""
    from tests.unit.facts import attempt, cell, run
    from tests.unit.test_view import view

    def seconds(blocks: int) -> float:
        tools = ("control", "quick", "slow", "twin")
        attempts = [
            attempt(cell(tool, block, order=4 * block + place), run(1.0 + place))
            for block in range(blocks)
            for place, tool in enumerate(tools)
        ]
        folder = tmp_path / str(blocks)
        folder.mkdir()
        # Appending is what a suite does cell by cell; here only reading counts.
        (folder / "records.jsonl").write_bytes(
            b"".join(msgspec.json.encode(one) + b"\n" for one in attempts)
        )
        began = time.monotonic()
        view(folder, keys={one.cell.key for one in attempts})
        return time.monotonic() - began

    small, large = seconds(625), seconds(2500)
    assert large < 6 * small, f"{small:.1f} s, then {large:.1f} s"
