"""Values that are easily changed on their way from one stage to the next."""

import json
from pathlib import Path

import numpy as np
import pandas as pd


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


def make_document() -> dict:
    return {
        "zebra": 1,
        "apple": 1.0,
        "nested": [[1, 2], [], [3]],
        "text": "na\u00efve \u2603 \U0001f600",
        "nothing": None,
        "flag": True,
        "big": 2**53 + 1,
        "empty": {},
    }


def describe(table: pd.DataFrame, document: dict, results: str) -> None:
    summary = {
        "index": [str(table.index.name), str(table.index.dtype), table.index.tolist()],
        "types": {name: str(kind) for name, kind in table.dtypes.items()},
        "categories": table["size"].cat.categories.tolist(),
        "ordered": bool(table["size"].cat.ordered),
        "values": {name: [repr(value) for value in table[name].tolist()] for name in table.columns},
        "document": [[name, type(value).__name__, repr(value)] for name, value in document.items()],
    }
    Path(results, "summary.json").write_text(json.dumps(summary, indent=1) + "\n")
