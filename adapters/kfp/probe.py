"""What the folders of local runs tell, asked in a new process.

There is a folder for each run, named by its time, with one for each task in it:
https://www.kubeflow.org/docs/components/pipelines/user-guides/core-functions/execute-kfp-pipelines-locally/
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import joblib
import pandas as pd

ROUTES = dict.fromkeys(
    ("runs", "started", "table", "value", "predictions", "latest_table", "metrics"), "layout"
)


def start(places: dict[str, str], pipeline: str) -> list[Path]:
    """Return the folders of all runs, in their order."""
    return sorted(Path(places["project"], "local_outputs").glob(f"{pipeline.replace('_', '-')}-20*"))


def runs(folders: list[Path]) -> list[str]:
    return [nonce for nonce in map(_nonce, folders) if nonce is not None]


def started(folders: list[Path], nonce: str) -> float | None:
    folder = _folder(folders, nonce)
    if folder is None:
        return None
    moment = "-".join(folder.name.split("-")[-7:])
    return datetime.strptime(moment, "%Y-%m-%d-%H-%M-%S-%f").timestamp()  # noqa: DTZ007 - local time


def table(folders: list[Path], nonce: str, stage: str, output: str) -> dict[str, Any] | None:
    return _table(_folder(folders, nonce), stage, output)


def value(folders: list[Path], nonce: str, stage: str, output: str) -> Any:
    return _value(_folder(folders, nonce), stage)


def predictions(
    folders: list[Path], nonce: str, stage: str, output: str, rows: list[float]
) -> list[float] | None:
    folder = _folder(folders, nonce)
    file = None if folder is None else folder / stage / f"{output}_artifact"
    if file is None or not file.is_file():
        return None
    return joblib.load(file).predict([[row] for row in rows]).tolist()


def latest_table(folders: list[Path], stage: str, output: str) -> dict[str, Any] | None:
    return _table(folders[-1], stage, output)


def metrics(folders: list[Path], stage: str, output: str) -> list[Any]:
    return [found for found in (_value(folder, stage) for folder in folders) if found is not None]


def _folder(folders: list[Path], nonce: str) -> Path | None:
    return next((folder for folder in folders if _nonce(folder) == nonce), None)


def _nonce(folder: Path) -> str | None:
    """Return a run's nonce from an output that repeats it: parameters are not kept."""
    return (_value(folder, "measure") or {}).get("nonce")


def _value(folder: Path | None, stage: str) -> Any:
    file = None if folder is None else folder / stage.replace("_", "-") / "executor_output.json"
    if file is None or not file.is_file():
        return None
    return json.loads(file.read_text())["parameterValues"]["Output"]


def _table(folder: Path | None, stage: str, output: str) -> dict[str, Any] | None:
    file = None if folder is None else folder / stage.replace("_", "-") / f"{output}_dataset"
    if file is None or not file.is_file():
        return None
    frame = pd.read_parquet(file)
    dtypes = [str(dtype) for dtype in frame.dtypes]
    return {"columns": list(frame.columns), "dtypes": dtypes, "rows": frame.to_numpy().tolist()}
