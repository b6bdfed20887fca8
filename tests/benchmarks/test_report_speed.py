"""How soon a result set is reported that has ten times the records of the largest published one."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import ROOT

pytestmark = pytest.mark.benchmarks

MEASURED = ROOT / "results" / "2026-11-27-everything"
EVERYTHING = ROOT / "results" / "2026-11-27-everything"
TIMED = ("startup", "overhead", "reuse")
PAGE_LIMIT = 3_000_000
USUAL = 0.08
"""Seconds that the work of :func:`pace` takes on a machine on which the limits below are meant as they stand."""


@dataclass(frozen=True)
class Took:
    """Seconds of CPU, which a busy neighbour does not lengthen by much, and bytes of memory at most."""

    seconds: float
    peak: int


def pace() -> float:
    """Return how much slower this machine is just now than usual, at least 1: shared ones change by the minute."""
    began = time.process_time()
    for number in range(20_000):
        json.loads(json.dumps({"a": [number, number + 1.5], "b": {"c": str(number)}}))
    return max(1.0, (time.process_time() - began) / USUAL)


def made_up(folder: Path, records: int) -> Path:
    """Write a result set of so many records: those of the startup scenario in the published one, over again."""
    folder.mkdir()
    lines = (MEASURED / "records.jsonl").read_text().splitlines()
    known = [one for one in map(json.loads, lines) if one["type"] == "attempt"]
    shapes = [one for one in known if one["trial"]["scenario"] == "startup" and one["trial"]["block"] == 0]
    keys = []
    with (folder / "records.jsonl").open("w") as file:
        for number in range(records):
            block, place = divmod(number, len(shapes))
            trial: dict[str, Any] = shapes[place]["trial"]
            trial.update(block=block, order=number, key=f"{number:016x}")
            keys.append(trial["key"])
            file.write(json.dumps(shapes[place], separators=(",", ":")) + "\n")
    manifest = json.loads((MEASURED / "manifest.json").read_text())
    manifest |= {"trials": keys, "scenarios": ["startup"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def mixed(folder: Path, records: int) -> Path:
    """Write a result set of so many records: all that was published, and further blocks of what is timed."""
    folder.mkdir()
    manifest = json.loads((EVERYTHING / "manifest.json").read_text())
    lines = (EVERYTHING / "records.jsonl").read_text().splitlines()
    planned = set(manifest["trials"])
    known = {
        one["trial"]["key"]: one
        for one in map(json.loads, lines)
        if one["type"] == "attempt" and one["number"] == 1 and one["trial"]["key"] in planned
    }
    blocks = Counter(series(one["trial"]) for one in known.values())
    shapes = [
        one for one in known.values() if one["trial"]["scenario"] in TIMED and not one["trial"]["block"]
    ]
    with (folder / "records.jsonl").open("w") as file:
        for one in known.values():
            file.write(json.dumps(one, separators=(",", ":")) + "\n")
        for number in range(len(known), records):
            one = shapes[number % len(shapes)]
            trial = one["trial"]
            trial.update(block=blocks[series(trial)], order=number, key=f"{number:016x}")
            blocks[series(trial)] += 1
            manifest["trials"].append(trial["key"])
            file.write(json.dumps(one, separators=(",", ":")) + "\n")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def series(trial: dict[str, Any]) -> tuple[str, ...]:
    """Return what the blocks of a trial have in common."""
    return (json.dumps(trial["target"]), trial["scenario"], trial["case"])


def report(folder: Path, *options: str) -> Took:
    """Run ``bench report`` in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    log = folder / "report.txt"
    with log.open("w") as file:
        child = subprocess.Popen(
            [sys.executable, "-m", "bench", "report", str(folder), *options],
            env=environment, stdout=file, stderr=file,
        )  # fmt: skip
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, log.read_text()
    return Took(
        usage.ru_utime + usage.ru_stime, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    )


@pytest.mark.parametrize("make", [made_up, mixed], ids=["startup", "all scenarios"])
def test_ten_thousand_records_are_reported_in_two_seconds(
    tmp_path: Path, make: Callable[[Path, int], Path]
) -> None:
    """Of one scenario and of all of them; and the page does not grow with them."""
    folder = make(tmp_path / "set", 10_000)
    assert min(report(folder, "--no-figures").seconds / pace() for _ in range(5)) < 2
    assert (folder / "scorecard.html").stat().st_size < PAGE_LIMIT


def test_ten_times_the_records_take_at_most_fourteen_times_as_long(tmp_path: Path) -> None:
    """Nearly in proportion; the start of the program is in both."""
    few, many = made_up(tmp_path / "few", 1_000), made_up(tmp_path / "many", 10_000)
    least = min(report(few, "--no-figures").seconds for _ in range(4))
    assert report(many, "--no-figures").seconds < 14 * least


def test_pictures_add_at_most_six_seconds(tmp_path: Path) -> None:
    """Of the published set, with all its targets."""
    folder = tmp_path / "set"
    shutil.copytree(MEASURED, folder)
    report(folder)  # the list of fonts is made once for all
    without = report(folder, "--no-figures").seconds
    assert report(folder).seconds < without + 6
    assert len(list((folder / "figures").glob("*.svg"))) >= 7
