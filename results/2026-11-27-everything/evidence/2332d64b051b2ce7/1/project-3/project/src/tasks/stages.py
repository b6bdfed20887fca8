"""Stages of known content: each run tells its nonce in its outputs, its logs and its errors."""

import json
import platform
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from flytekit import Cache, task


def table_of(seed: int) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    table = pd.DataFrame({"row": np.arange(12), "x": generator.normal(size=12).round(6)})
    table["group"] = [f"g{row % 3}" for row in table["row"]]
    return table


@task(cache=Cache(version="1"))
def make_table(seed: int) -> pd.DataFrame:
    return table_of(seed)


def start(seed: int) -> pd.DataFrame:
    return table_of(seed)


@task
def label(table: pd.DataFrame, nonce: str) -> pd.DataFrame:
    labelled = table.copy()
    labelled["y"] = (labelled["x"] * len(nonce) + int(nonce[:4], 16) % 97).round(6)
    return labelled


@task
def describe(seed: int) -> dict[str, int]:
    """Depend on nothing that the model is made from, and have nothing made from it but the report."""
    return {"half": seed // 2 + 1}


@task
def fit(labelled: pd.DataFrame) -> LinearRegression:
    time.sleep(0.5)
    return LinearRegression().fit(labelled[["x"]].to_numpy(), labelled["y"].to_numpy())


@task
def measure(model: LinearRegression, labelled: pd.DataFrame, nonce: str) -> dict[str, object]:
    print(f"told on stdout: {nonce}")
    print(f"told on stderr: {nonce}", file=sys.stderr)
    score = float(model.score(labelled[["x"]].to_numpy(), labelled["y"].to_numpy()))
    return {"nonce": nonce, "slope": round(float(model.coef_[0]), 6), "score": round(score, 6)}


@task(retries=1)
def approve(metrics: dict[str, object], fails: str, results: str) -> dict[str, object]:
    """Fail for ever, or the first time only, which a file beside the results tells."""
    nonce = metrics["nonce"]
    tried = Path(results).with_name(f"tried-{nonce}")
    if fails == "always" or (fails == "once" and not tried.exists()):
        tried.touch()
        raise ValueError(f"refused: {nonce}")
    return metrics


@task
def report(
    labelled: pd.DataFrame,
    description: dict[str, int],
    model: LinearRegression,
    approved: dict[str, object],
    results: str,
) -> None:
    """Write all that it was given: what a record of this run has to agree with."""
    given = {**told(labelled, model, approved), "description": description}
    Path(results, "report.json").write_text(json.dumps(given, sort_keys=True))


def end(labelled: pd.DataFrame, model: LinearRegression, metrics: dict[str, object], results: str) -> None:
    Path(results, "report.json").write_text(json.dumps(told(labelled, model, metrics), sort_keys=True))


def told(labelled: pd.DataFrame, model: LinearRegression, metrics: dict[str, object]) -> dict[str, object]:
    """Return what a record of a run has to agree with."""
    return {
        "table": {
            "columns": list(labelled.columns),
            "dtypes": [str(dtype) for dtype in labelled.dtypes],
            "rows": labelled.to_numpy().tolist(),
        },
        "predicted": model.predict(np.array([[0.0], [1.0], [2.5]])).round(6).tolist(),
        "metrics": metrics,
        "python": platform.python_version(),
        "pandas": pd.__version__,
    }
