"""What the folders of local runs tell, asked in a new process.

There is a folder for each run, named by its time, with one for each task in it:
https://www.kubeflow.org/docs/components/pipelines/user-guides/core-functions/execute-kfp-pipelines-locally/
"""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
import yaml

ROUTES = dict.fromkeys(
    ("runs", "started", "table", "value", "predictions", "latest_table", "metrics", "page", "pages"),
    "layout",
) | {"graph": "command"}


def start(places: dict[str, str], pipeline: str) -> list[Path]:
    """Return the folders of all runs, in their order."""
    os.chdir(places["project"])
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


def page(folders: list[Path], nonce: str, stage: str, output: str) -> str | None:
    folder = _folder(folders, nonce)
    return None if folder is None else _page(folder, stage, output)


def pages(folders: list[Path], stage: str, output: str) -> list[str]:
    return [found for found in (_page(folder, stage, output) for folder in folders) if found is not None]


def graph(folders: list[Path], nonce: str) -> dict[str, Any]:
    """Return the tasks of the compiled pipeline, and which of them each depends on.

    https://www.kubeflow.org/docs/components/pipelines/user-guides/core-functions/compile-a-pipeline/
    """
    kfp = str(Path(sys.executable).with_name("kfp"))
    place = Path(os.environ["HOME"], "compiled.yaml")
    command = [kfp, "dsl", "compile", "--py", "pipeline.py", "--output", str(place)]
    subprocess.run(command, check=True, stdout=sys.stderr)
    text = place.read_text()
    compiled = yaml.safe_load(text)
    nodes: list[str] = []
    edges: list[tuple[str, str]] = []
    _walk(compiled, compiled["root"], None, nodes, edges)
    return {
        "form": "yaml",
        "nodes": nodes,
        "arrows": "data",
        "edges": edges,
        "document": text,
        "picture": "a picture of it is drawn by the backend's user interface only",
    }


def _walk(
    compiled: dict[str, Any],
    component: dict[str, Any],
    inside: str | None,
    nodes: list[str],
    edges: list[tuple[str, str]],
) -> None:
    """Add the tasks of a component; a loop is one task of it, which has a beginning, tasks inside and an end."""
    tasks = component["dag"]["tasks"]
    inner = {name: compiled["components"][task["componentRef"]["name"]] for name, task in tasks.items()}
    loops = {name for name, one in inner.items() if "dag" in one}
    for name, task in tasks.items():
        node = name.replace("-", "_")
        begins, ends = (f"{node} begins", f"{node} ends") if name in loops else (node, node)
        nodes += dict.fromkeys((begins, ends))
        edges += [
            (before.replace("-", "_") + (" ends" if before in loops else ""), begins)
            for before in task.get("dependentTasks", ())
        ]
        if inside is not None:
            edges.append((ends, f"{inside} ends"))
            if not task.get("dependentTasks"):
                edges.append((f"{inside} begins", begins))
        if name in loops:
            _walk(compiled, inner[name], node, nodes, edges)


def _page(folder: Path, stage: str, output: str) -> str | None:
    file = folder / stage.replace("_", "-") / f"{output}_html"
    return file.read_text() if file.is_file() else None


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
