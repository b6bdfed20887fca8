"""Stages whose bodies take a known time, so that work which is done twice can be told in seconds.

The variable CHAOS says which stage fails, and how: "STAGE HOW [FILE]". Without it nothing fails, so a
run that goes on after a failure has the same code and parameters as the one that failed.
"""

import json
import os
import resource
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 400_000


def strike(stage: str) -> None:
    """Do what CHAOS says to this stage; FILE gets a line for each try, or is the ballast."""
    words = os.environ.get("CHAOS", "").split()
    how = words[1] if words[:1] == [stage] else "nothing"
    if how == "raise":
        raise RuntimeError(f"planted failure in {stage}")
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "allocate":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + 100_000_000
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
        bytearray(1_000_000_000)
    if how == "fill":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    if how == "fill-up":
        free = shutil.disk_usage(Path(words[2]).parent).free
        if free > 100_000_000:
            raise RuntimeError(f"{words[2]} is on no small disk: it is not filled up")
        Path(words[2]).write_bytes(bytes(max(0, free - 1_000_000)))
    if how == "flaky":
        with Path(words[2]).open("a") as notes:
            notes.write(f"tried {time.time()}\n")
        if len(Path(words[2]).read_text().splitlines()) < 3:
            raise RuntimeError(f"planted failure in {stage}")
    if how == "hang":
        with Path(words[2]).open("a") as notes:
            notes.write(f"tried {time.time()}\n")
        time.sleep(12.0)
        with Path(words[2]).open("a") as notes:
            notes.write(f"woke {time.time()}\n")


def gather(seed: int) -> list[float]:
    """Bring the data together."""
    strike("gather")
    time.sleep(0.4)
    return [seed * 100.5, seed / 4.0]


def train(gathered: list[float]) -> list[float]:
    """Train for long, as far as a test may."""
    strike("train")
    time.sleep(1.0)
    return [gathered[0] - gathered[1], 0.25]


def assess(trained: list[float]) -> list[float]:
    """Assess what was trained."""
    strike("assess")
    time.sleep(0.5)
    return [trained[0] * 2.0 + trained[1]]


def report(assessed: list[float]) -> list[float]:
    """Sum it up."""
    strike("report")
    time.sleep(0.2)
    return [assessed[0] / 8.0, len(assessed) + 0.5]


def publish(reported: list[float], results: str) -> None:
    """Write the file by which a run is checked."""
    Path(results, "report.json").write_text(json.dumps(reported))


def build(gathered: list[float]) -> pd.DataFrame:
    """Make a table of some megabytes."""
    strike("build")
    time.sleep(0.4)
    return pd.DataFrame({"value": np.random.default_rng(int(gathered[0])).normal(size=ROWS)})


def condense(built: pd.DataFrame) -> list[float]:
    """Bring the table down to two numbers."""
    time.sleep(0.2)
    return [len(built) + 0.5, round(float(built["value"].sum()), 6)]


def enumerate_items(gathered: list[float]) -> list[str]:
    """Name what is to be scored, each by itself."""
    time.sleep(0.2)
    return [f"item {number:02d}" for number in range(48 + len(gathered))]


def score(item: str) -> float:
    """Score one item."""
    if item == "item 17":
        strike("score")
    time.sleep(0.1)
    return len(item) + int(item.split()[1]) / 4.0


def publish_scores(scores: list[float], results: str) -> None:
    """Write the file by which a run is checked."""
    Path(results, "scores.json").write_text(json.dumps(sorted(scores)))


def write_parts(gathered: list[float], store: str) -> list[str]:
    """Write a result in eight parts, one after the other; CHAOS strikes after five of them."""
    names = [f"part-{number}.txt" for number in range(8)]
    Path(store).mkdir(exist_ok=True)
    for number, name in enumerate(names):
        if number == 5:
            strike("write_parts")
        time.sleep(0.1)
        Path(store, name).write_text(f"{gathered[0] + number}")
    return names


def read_parts(written: list[str], store: str) -> list[float]:
    """Add up all parts that there are."""
    time.sleep(0.2)
    found = sorted(Path(store).glob("part-*.txt"))
    return [sum(float(part.read_text()) for part in found), len(written) + 0.5]
