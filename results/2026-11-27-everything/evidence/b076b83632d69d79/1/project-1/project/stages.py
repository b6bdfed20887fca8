"""Short stages of a pipeline into which mistakes are put, one at a time."""

import json
from pathlib import Path
from types import SimpleNamespace


def gather(day: str, count: int) -> list[float]:
    """Bring the data of a day together."""
    return [int(day[-2:]) + step * step + 0.5 for step in range(count)]


def train(gathered: list[float]) -> SimpleNamespace:
    """Train a model that is one number."""
    middle = sum(gathered) / len(gathered)
    return SimpleNamespace(middle=middle)


def score(gathered: list[float], trained: SimpleNamespace) -> list[float]:
    """Score all values."""
    return [abs(value - trained.middle) for value in gathered]


def assess(scores: list[float]) -> float:
    """Bring the scores down to one metric."""
    return sum(scores) / len(scores)


def report(assessed: float, results: str) -> None:
    """Write the file by which a run is checked."""
    Path(results, "report.json").write_text(json.dumps({"assessed": round(assessed, 6)}))
