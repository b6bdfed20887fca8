"""How soon the command line answers."""

import os
import subprocess
import sys
import time
from itertools import pairwise

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
