"""What the keeper's store tells."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np


def start(places: dict[str, str], pipeline: str) -> Path:
    """Return the folder of records: in the state, else in the project, where it should not look."""
    found = Path(places["state"], "runs")
    return found if found.is_dir() else Path(places["project"], ".keeper", "runs")


def runs(store: Path) -> list[str]:
    return [run["nonce"] for run in _all(store)]


def state(store: Path, nonce: str) -> str | None:
    run = _run(store, nonce)
    if run is None:
        return None
    dead = run["state"] == "running" and not Path(f"/proc/{run['pid']}").is_dir()
    return "crashed" if dead else run["state"]


def parameters(store: Path, nonce: str) -> Any:
    return _of(store, nonce, "parameters")


def started(store: Path, nonce: str) -> Any:
    return _of(store, nonce, "started")


def ended(store: Path, nonce: str) -> Any:
    return _of(store, nonce, "ended")


def owner(store: Path, nonce: str) -> Any:
    return _of(store, nonce, "owner")


def environment(store: Path, nonce: str) -> Any:
    return _of(store, nonce, "environment")


def resources(store: Path, nonce: str) -> Any:
    return _of(store, nonce, "resources")


def durations(store: Path, nonce: str) -> Any:
    run = _run(store, nonce)
    if run is None:
        return None
    return {name: task["ended"] - task["started"] for name, task in run["tasks"].items() if "ended" in task}


def versions(store: Path, nonces: list[str]) -> list[Any]:
    return [_of(store, nonce, "version") for nonce in nonces]


def source(store: Path, nonce: str, stage: str) -> Any:
    return _task(store, nonce, stage, "source")


def table(store: Path, nonce: str, stage: str, output: str) -> Any:
    return _table(_output(store, nonce, output))


def value(store: Path, nonce: str, stage: str, output: str) -> Any:
    return _output(store, nonce, output)


def given(store: Path, nonce: str, stage: str, argument: str) -> Any:
    found = _task(store, nonce, stage, "given")
    return None if found is None else found[argument]


def predictions(store: Path, nonce: str, stage: str, output: str, rows: list[float]) -> Any:
    model = _output(store, nonce, output)
    return None if model is None else model.predict(np.array([[row] for row in rows])).tolist()


def latest_table(store: Path, stage: str, output: str) -> Any:
    found = _all(store)
    return _table(found[-1]["values"][output]) if found else None


def metrics(store: Path, stage: str, output: str) -> Any:
    return [run["values"][output] for run in _all(store) if run["state"] == "succeeded"] or None


def stdout(store: Path, nonce: str, stage: str) -> Any:
    return _task(store, nonce, stage, "stdout")


def stderr(store: Path, nonce: str, stage: str) -> Any:
    return _task(store, nonce, stage, "stderr")


def made_from(store: Path, nonce: str, stage: str) -> Any:
    run = _run(store, nonce)
    return None if run is None else _along(run["graph"], stage, "in", "out")


def used_by(store: Path, nonce: str, stage: str) -> Any:
    run = _run(store, nonce)
    return None if run is None else _along(run["graph"], stage, "out", "in")


def cached(store: Path, nonce: str) -> Any:
    run = _run(store, nonce)
    return None if run is None else [name for name, task in run["tasks"].items() if task["cached_from"]]


def cached_from(store: Path, nonce: str, stage: str) -> Any:
    return _task(store, nonce, stage, "cached_from")


def tag(store: Path, nonce: str, tag: str) -> bool:
    run = _run(store, nonce)
    if run is not None:
        run["tags"].append(tag)
        (store / nonce).write_bytes(pickle.dumps(run))
    return run is not None


def tagged(store: Path, tag: str) -> list[str]:
    return [run["nonce"] for run in _all(store) if tag in run["tags"]]


def runs_with(store: Path, parameter: str, equals: Any) -> list[str]:
    return [run["nonce"] for run in _all(store) if run["parameters"].get(parameter) == equals]


def latest_good(store: Path) -> Any:
    good = [run["nonce"] for run in _all(store) if run["state"] == "succeeded"]
    return good[-1] if good else None


def compare(store: Path, nonces: list[str]) -> Any:
    one, other = (parameters(store, nonce) or {} for nonce in nonces)
    return {name: [one[name], other[name]] for name in one if one[name] != other[name]}


def report(store: Path, nonce: str) -> Any:
    return None if _run(store, nonce) is None else f"<h1>{nonce}</h1>"


def tries(store: Path, nonce: str, stage: str) -> Any:
    count = _task(store, nonce, stage, "tries")
    return None if count is None else {"count": count, "errors": _task(store, nonce, stage, "errors")}


def error(store: Path, nonce: str, stage: str) -> Any:
    return (_task(store, nonce, stage, "errors") or [None])[-1]


def delete(store: Path, nonce: str) -> bool:
    (store / nonce).unlink()
    return True


def recorded(store: Path, nonce: str, stage: str) -> Any:
    return _task(store, nonce, stage, "items")


ROUTES = dict.fromkeys(
    [
        name
        for name, found in globals().items()
        if callable(found) and getattr(found, "__module__", "") == __name__
    ],
    "api",
)


def _all(store: Path) -> list[dict[str, Any]]:
    found = [pickle.loads(path.read_bytes()) for path in store.glob("[!.]*")]
    for run in found:
        if "status" in run:  # of the version before
            run["state"] = run.pop("status")
    return sorted(found, key=lambda run: run["started"])


def _run(store: Path, nonce: str) -> dict[str, Any] | None:
    return next((run for run in _all(store) if run["nonce"] == nonce), None)


def _of(store: Path, nonce: str, name: str) -> Any:
    run = _run(store, nonce)
    return None if run is None else run[name]


def _task(store: Path, nonce: str, stage: str, name: str) -> Any:
    run = _run(store, nonce)
    return None if run is None else run["tasks"][stage][name]


def _output(store: Path, nonce: str, output: str) -> Any:
    run = _run(store, nonce)
    return None if run is None else run["values"].get(output)


def _table(frame: Any) -> Any:
    if frame is None:
        return None
    dtypes = [str(dtype) for dtype in frame.dtypes]
    return {"columns": list(frame.columns), "dtypes": dtypes, "rows": frame.to_numpy().tolist()}


def _along(graph: list[dict[str, Any]], stage: str, here: str, there: str) -> list[str]:
    """Return the stages reached from one by the data at its ``here``, which is at their ``there``."""
    by_name = {one["name"]: one for one in graph}
    found: set[str] = set()
    waiting = [stage]
    while waiting:
        data = set(by_name[waiting.pop()][here])
        more = {one["name"] for one in graph if data & set(one[there])} - found
        found |= more
        waiting += more
    return sorted(found)
