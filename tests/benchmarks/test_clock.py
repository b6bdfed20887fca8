"""The harness's clock against hyperfine's, and what measuring costs while a tool runs."""

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from bench.contract.records import Command
from bench.execution.supervisor import Facts, Supervised

pytestmark = pytest.mark.benchmarks

ROUNDS = 15
PROGRAM = "import time; time.sleep(0.2); sum(range(2_000_000))"
LONG = "import time; end = time.monotonic() + 4\nwhile time.monotonic() < end: sum(range(10_000))"


def supervised(code: str, folder: Path) -> Facts:
    command = Command(argv=(sys.executable, "-I", "-c", code), cwd=str(folder))
    return Supervised(command, {"PATH": "/usr/bin:/bin"}, folder / "out", folder / "err").facts()


@pytest.mark.skipif(shutil.which("hyperfine") is None, reason="no hyperfine here; .ci/run installs it")
def test_wall_time_agrees_with_hyperfines(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The same command, measured by both in turn: medians within 1 % or 5 ms."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        marks = supervised(PROGRAM, tmp_path).marks
        ours.append((marks["exit"] - marks["spawn"]) / 1e9)
        report = tmp_path / "hyperfine.json"
        subprocess.run(
            ["hyperfine", "--shell=none", "--runs", "2", "--style", "none", "--export-json", str(report),
             f"{sys.executable} -I -c '{PROGRAM}'"],
            check=True, capture_output=True,
        )  # fmt: skip
        theirs.append(json.loads(report.read_text())["results"][0]["times"][1])
    difference = median(one - other for one, other in zip(ours, theirs, strict=True))
    record_property("difference_ms", round(1000 * difference, 2))
    assert abs(difference) <= max(0.005, 0.01 * median(theirs)), f"{1000 * difference:.1f} ms"


def test_harness_and_supervisor_use_under_two_per_cent_of_a_core(tmp_path: Path) -> None:
    """While a tool of one process runs; starting the supervisor comes before the tool's own time."""
    start = median(supervised("pass", tmp_path).supervisor_s for _ in range(5))
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.monotonic()
    facts = supervised(LONG, tmp_path)
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    harness = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    share = (harness + facts.supervisor_s - start) / seconds
    assert share < 0.02, f"{share:.1%}"


def test_a_busy_neighbour_is_seen(tmp_path: Path) -> None:
    """A planted process that burns a core is found in what others used; without it, nearly nothing is."""
    from bench.host.machine import busy_seconds

    def others() -> float:
        busy, began = busy_seconds(), time.monotonic()
        facts = supervised("import time; time.sleep(2)", tmp_path)
        used = busy_seconds() - busy - facts.user_s - facts.system_s - facts.supervisor_s
        return used / (time.monotonic() - began)

    quiet = others()
    hog = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        noisy = others()
    finally:
        hog.kill()
        hog.wait()
    assert noisy > 0.85
    assert quiet < 0.5 * noisy
