"""Values that are easily changed on their way from one stage to the next."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from prefect import task


@task
def make_table() -> pd.DataFrame:
    size = pd.Categorical(["small", "large", None], categories=["small", "large"], ordered=True)
    when = pd.to_datetime(["2013-03-10T06:59:59", "2013-11-03T05:30:00", "2013-11-03T06:30:00"], utc=True)
    return pd.DataFrame(
        {
            "when": when.tz_convert("America/New_York"),
            "size": size,
            "count": pd.array([1, None, 2**53 + 1], dtype="Int64"),
            "ratio": [np.nan, -0.0, 1.0],
            "text": ["na\u00efve \u2603", None, ""],
            "flag": [True, False, True],
            "byte": np.array([0, 127, 255], dtype="uint8"),
        },
        index=pd.Index([30, 10, 20], name="key"),
    )


@task
def make_document() -> dict:
    return {
        "zebra": 1,
        "apple": 1.0,
        "nested": [[1, 2], [], [3]],
        "text": "na\u00efve \u2603 \U0001f600",
        "flag": True,
        "big": 2**53 + 1,
        "empty": {},
    }


@task
def receive(table: pd.DataFrame, document: dict, results: str) -> None:
    # What arrived is compared value by value from outside; here only that it arrived.
    received = {"rows": len(table), "columns": sorted(table.columns), "names": sorted(document)}
    Path(results, "received.json").write_text(json.dumps(received, indent=1) + "\n")


def make_gap() -> dict:
    return {"present": 1, "missing": None}


def receive_gap(document: dict, results: str) -> None:
    Path(results, "received.json").write_text(json.dumps(sorted(document)) + "\n")
