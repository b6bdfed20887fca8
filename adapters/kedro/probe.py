"""What Kedro's catalog tells, asked in a new process: the outputs of the latest run, and of no other."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kedro.config import OmegaConfigLoader
from kedro.inspection import get_project_snapshot
from kedro.io import DataCatalog, DatasetError

ROUTES = dict.fromkeys(("table", "value", "predictions", "latest_table", "metrics", "graph"), "api") | {
    "pages": "layout"
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
    """Return the nodes of the project, and which takes what another one makes."""
    snapshot = get_project_snapshot(Path.cwd())
    nodes = next(one for one in snapshot.pipelines if one.name == "__default__").nodes
    edges = [
        (one.name, other.name) for one in nodes for other in nodes if set(one.outputs) & set(other.inputs)
    ]
    return {
        "form": "json",
        "nodes": [node.name for node in nodes],
        "arrows": "data",
        "edges": edges,
        "document": json.dumps(asdict(snapshot), indent=1, default=str),
        "picture": "a picture of it is drawn by Kedro-Viz, a package of its own that is not measured here",
    }


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
