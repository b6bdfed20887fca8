"""Code as users write it: early returns, functions in functions, classes beside the stages, values of any kind."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer


@dataclass
class Config:
    rate: float
    depth: int


class Halves(NamedTuple):
    X_train: pd.DataFrame
    X_test: pd.DataFrame


def to_log(rows: pd.DataFrame) -> pd.DataFrame:
    return np.log1p(rows)


def load(rows: int = 20, tag: str = "") -> pd.DataFrame:
    if rows == 0:
        return pd.DataFrame({"a": []})

    def make(length: int) -> pd.DataFrame:
        return pd.DataFrame({"a": np.arange(float(length)), "b": np.arange(length) * 2.0 + 1})

    table = make(rows)
    if tag:
        table["tag"] = tag
        return table
    return table


def check(table: pd.DataFrame) -> None:
    if not len(table):
        return
    if "b" not in table:
        raise ValueError("no column b")


def halve(table: pd.DataFrame) -> Halves:
    half = len(table) // 2
    return Halves(table.iloc[:half], table.iloc[half:].reset_index(drop=True))


def configure(depth: int) -> Config:
    return Config(0.5, depth)


def fit(X_train: pd.DataFrame, config: Config, options: dict) -> Pipeline:
    model = make_pipeline(FunctionTransformer(to_log), LinearRegression(fit_intercept=options["intercept"]))
    return model.fit(X_train[["a"]], X_train["b"] * config.rate)


def sizes(X_test: pd.DataFrame, grid: list) -> list[int]:
    return [len(X_test) * int(one) for one in grid]


def score(size: int, model: Pipeline) -> pd.DataFrame:
    rows = pd.DataFrame({"a": np.arange(float(size % 5 + 2))})
    return rows.assign(p=model.predict(rows[["a"]]))


def best(scores: list[pd.DataFrame]) -> Optional[dict]:
    if not scores:
        return None
    return {
        "rows": [len(one) for one in scores],
        "sum": round(float(sum(one["p"].sum() for one in scores)), 6),
    }


def report(
    best: Optional[dict], X_test: pd.DataFrame, other: pd.DataFrame, note: str, results: str
) -> None:
    said = {"best": best, "test": len(X_test), "other": float(other["a"].sum()), "note": note}
    Path(results, "said.json").write_text(json.dumps(said, sort_keys=True))
