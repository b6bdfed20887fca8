"""The components of the pipeline erring.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl
from kfp.dsl import Input, Model, Output


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def gather(day: str, count: int) -> list[float]:
    """Bring the data of a day together."""
    return [int(day[-2:]) + step * step + 0.5 for step in range(count)]


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def train(gathered: list[float], trained_artifact: Output[Model]) -> None:
    """Train a model that is one number."""
    from types import SimpleNamespace

    import joblib

    middle = sum(gathered) / len(gathered)
    trained = SimpleNamespace(middle=middle)

    joblib.dump(trained, trained_artifact.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def score(gathered: list[float], trained_artifact: Input[Model]) -> list[float]:
    """Score all values."""
    import joblib

    trained = joblib.load(trained_artifact.path)

    return [abs(value - trained.middle) for value in gathered]


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def assess(scores: list[float]) -> float:
    """Bring the scores down to one metric."""
    return sum(scores) / len(scores)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def report(assessed: float, results: str) -> None:
    """Write the file by which a run is checked."""
    import json
    from pathlib import Path

    Path(results, "report.json").write_text(json.dumps({"assessed": round(assessed, 6)}))
