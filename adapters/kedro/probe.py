"""What Kedro's catalog tells, asked in a new process: the outputs of the latest run, and of no other."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kedro.config import OmegaConfigLoader
from kedro.io import DataCatalog, DatasetError

ROUTES = dict.fromkeys(("table", "value", "predictions", "latest_table", "metrics"), "api") | {
    "pages": "layout",
    "graph": "command",
    "address": "command",
}


def start(places: dict[str, str], pipeline: str) -> DataCatalog:
    """Return the catalog; its files are named from the project's folder."""
    os.chdir(places["project"])
    loader = OmegaConfigLoader("conf", base_env="base", default_run_env="local")
    return DataCatalog.from_config(loader["catalog"])


def table(catalog: DataCatalog, nonce: str, stage: str, output: str) -> dict[str, Any] | None:
    return _table(_of(catalog, nonce, output))


def value(catalog: DataCatalog, nonce: str, stage: str, output: str) -> Any:
    return _of(catalog, nonce, output)


def predictions(
    catalog: DataCatalog,
    nonce: str,
    stage: str,
    output: str,
    rows: list[float],
) -> list[float] | None:
    model = _of(catalog, nonce, output)
    return None if model is None else model.predict([[row] for row in rows]).tolist()


def latest_table(catalog: DataCatalog, stage: str, output: str) -> dict[str, Any] | None:
    return _table(catalog.load(output))


def metrics(catalog: DataCatalog, stage: str, output: str) -> list[Any]:
    return [catalog.load(output)]


def pages(catalog: DataCatalog, stage: str, output: str) -> list[str]:
    """Return all versions of a report, each in a folder named by the time of its run.

    https://docs.kedro.org/en/stable/catalog-data/data_catalog/#dataset-versioning
    """
    place = Path(
        OmegaConfigLoader("conf", base_env="base", default_run_env="local")["catalog"][output]["filepath"]
    )
    return [path.read_text() for path in sorted(place.glob(f"*/{place.name}"))]


def graph(catalog: DataCatalog, nonce: str) -> dict[str, Any]:
    """Return what Kedro-Viz draws of the project: a page without a server, and beside it the graph as JSON.

    https://docs.kedro.org/projects/kedro-viz/en/stable/platform_agnostic_sharing_with_kedro_viz/
    """
    command = [sys.executable, "-m", "kedro", "viz", "build"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    text = Path("build", "api", "main").read_text()
    drawn = json.loads(text)
    # A dataset may have the name of a node.
    names = {
        node["id"]: node["full_name"] if node["type"] == "task" else node["id"] for node in drawn["nodes"]
    }
    return {
        "form": "json",
        "nodes": list(names.values()),
        "arrows": "data",
        "edges": [(names[edge["source"]], names[edge["target"]]) for edge in drawn["edges"]],
        "document": text,
        "picture": f"the page that Kedro-Viz {version('kedro-viz')} builds draws it",
    }


def address(catalog: DataCatalog, nonce: str) -> str:
    """Return the page of the latest run, the only one that is kept.

    https://docs.kedro.org/projects/kedro-viz/en/stable/workflow-view/
    """
    return os.environ["VIEWER"] + "/workflow"


def _of(catalog: DataCatalog, nonce: str, output: str) -> Any:
    """Return an output if the latest run is the one asked for, which another output of it tells."""
    try:
        return catalog.load(output) if catalog.load("metrics")["nonce"] == nonce else None
    except DatasetError:
        return None


def _table(frame: Any) -> dict[str, Any] | None:
    if frame is None:
        return None
    dtypes = [str(dtype) for dtype in frame.dtypes]
    return {"columns": list(frame.columns), "dtypes": dtypes, "rows": frame.to_numpy().tolist()}
