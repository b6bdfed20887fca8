"""What Kedro's catalog tells, asked in a new process: the outputs of the latest run, and of no other."""

import os
from typing import Any

from kedro.config import OmegaConfigLoader
from kedro.io import DataCatalog, DatasetError

ROUTES = dict.fromkeys(("table", "value", "predictions", "latest_table", "metrics"), "api")


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
