import json
from pathlib import Path

import pandas as pd


def load(rows: int) -> pd.DataFrame:
    return pd.DataFrame({"a": [float(x) for x in range(rows)]})


def is_big(table: pd.DataFrame, limit: int) -> bool:
    return len(table) > limit


def full(table: pd.DataFrame) -> dict[str, float]:
    return {"sum": float(table["a"].sum())}


def quick(table: pd.DataFrame, share: float) -> dict[str, float]:
    return {"sum": float(table["a"].sum() * share)}


def extra(table: pd.DataFrame) -> dict[str, float]:
    return {"max": float(table["a"].max())}


def write(summary: dict[str, float], extra: dict[str, float] | None, results: str) -> None:
    Path(results, "o.json").write_text(json.dumps([summary, extra], sort_keys=True))


def write_one(summary: dict[str, float], results: str) -> None:
    Path(results, "o.json").write_text(json.dumps([summary], sort_keys=True))
