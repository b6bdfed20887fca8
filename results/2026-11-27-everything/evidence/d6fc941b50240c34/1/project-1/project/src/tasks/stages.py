"""Short stages of a pipeline that is edited in many ways; each notes when and where its body ran.

The variable NOTES names the file of the notes, so that a run without the tracer can be judged too. The
variable CHAOS says what a stage is to do beside its work: "STAGE HOW". NAP is how long one score takes.
"""

import json
import os
import sys
import time
from pathlib import Path
from flytekit import task


def note(stage: str, word: str, **facts: object) -> None:
    """Add a line to the notes: what happened in a stage, when, and in which process and interpreter."""
    place = os.environ.get("NOTES")
    if place:
        line = {
            "stage": stage,
            "word": word,
            "at": time.time(),
            "pid": os.getpid(),
            "python": sys.prefix,
            **facts,
        }
        with Path(place).open("a") as notes:
            notes.write(json.dumps(line) + "\n")


def chaos(stage: str) -> str:
    """Return what CHAOS says to this stage."""
    words = os.environ.get("CHAOS", "").split()
    return words[1] if words[:1] == [stage] else ""


def tries(stage: str) -> int:
    """Return how often the notes say that a stage began."""
    lines = Path(os.environ["NOTES"]).read_text().splitlines()
    return sum(
        json.loads(line)["stage"] == stage and json.loads(line)["word"] == "begins" for line in lines
    )


@task
def gather(day: str) -> list[float]:
    """Bring the data of a day together; how many there are depends on the day."""
    note("gather", "begins", day=day)
    number = int(day[-2:])
    return [number + step * step + 0.5 for step in range(3 + number % 4)]


@task
def tidy(gathered: list[float]) -> list[float]:
    """Drop what is not above zero."""
    return [value for value in gathered if value > 0]


@task
def train(gathered: list[float]) -> float:
    """Train a model of one number: the mean."""
    note("train", "begins")
    return sum(gathered) / len(gathered)


def score(value: float, trained: float) -> float:
    """Score one value."""
    note("score", "begins")
    time.sleep(float(os.environ.get("NAP", "0")))
    note("score", "ends")
    return abs(value - trained)


@task
def score_all(gathered: list[float], trained: float) -> list[float]:
    """Score all values, one after the other."""
    note("score_all", "begins")
    return [score(value, trained) for value in gathered]


@task
def assess(scores: list[float]) -> float:
    """Bring the scores down to one metric."""
    graphics = [str(path) for path in Path("/dev").glob("nvidia*")]
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    note("assess", "begins", processors=len(os.sched_getaffinity(0)), graphics=graphics, visible=visible)
    how = chaos("assess")
    if how == "raise" or (how == "flaky" and tries("assess") < 3):
        raise RuntimeError("planted failure in assess")
    if how == "hang":
        time.sleep(12.0)
        note("assess", "woke")
    if how == "allocate":
        note("assess", "holds", megabytes=len(bytearray(b"\1") * 600_000_000) // 1_000_000)
    return sum(scores) / len(scores)


@task
def report(assessed: float, results: str) -> None:
    """Write the file by which a run is checked."""
    note("report", "begins", assessed=assessed)
    Path(results, "report.json").write_text(json.dumps({"assessed": round(assessed, 6) + 0.25}))
