"""What Metaflow's client tells of runs, asked in a new process."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from metaflow import Flow, Run, Step, Task, namespace

ROUTES = dict.fromkeys(
    (
        *(
            "runs",
            "state",
            "parameters",
            "started",
            "ended",
            "durations",
            "owner",
            "versions",
            "environment",
        ),
        *("table", "value", "given", "predictions", "latest_table", "metrics", "stdout", "stderr"),
        *("made_from", "used_by", "cached", "cached_from", "tag", "tagged", "runs_with", "latest_good"),
        *("compare", "tries", "error", "recorded", "running"),
    ),
    "api",
) | dict.fromkeys(("graph", "page", "pages", "progress"), "command")


def start(places: dict[str, str], pipeline: str) -> Flow:
    """Return the flow, whoever ran it; where its runs are is in the environment, cards lie beside the flow."""
    namespace(None)
    os.chdir(places["project"])
    return Flow("".join(part[:1].upper() + part[1:] for part in pipeline.split("_")) + "Flow")


def runs(flow: Flow) -> list[str]:
    """Return the nonces of all runs, the latest first."""
    return [found for found in map(_nonce, flow) if found is not None]


def state(flow: Flow, nonce: str) -> str | None:
    """Return the state of a run: one that was killed looks like one that is running."""
    run = _run(flow, nonce)
    if run is None:
        return None
    if run.successful:
        return "succeeded"
    return "failed" if any(task.exception for task in _tasks(run)) else "unfinished"


def parameters(flow: Flow, nonce: str) -> dict[str, Any] | None:
    """Return the scalars that the first task had: parameters are artifacts like any others."""
    return _parameters(_run(flow, nonce))


def started(flow: Flow, nonce: str) -> float | None:
    run = _run(flow, nonce)
    return None if run is None else _seconds(run.created_at)


def ended(flow: Flow, nonce: str) -> float | None:
    run = _run(flow, nonce)
    return None if run is None or run.finished_at is None else _seconds(run.finished_at)


def durations(flow: Flow, nonce: str) -> dict[str, float] | None:
    run = _run(flow, nonce)
    if run is None:
        return None
    return {
        task.parent.id: _seconds(task.finished_at) - _seconds(task.created_at)
        for task in _tasks(run)
        if task.finished and not _connects(task)
    }


def owner(flow: Flow, nonce: str) -> str | None:
    run = _run(flow, nonce)
    return None if run is None else _system_tag(run, "user")


def versions(flow: Flow, nonces: list[str]) -> list[str | None]:
    """Return the code package of each run, which a local run has none of."""
    packages = [run.code for run in (_run(flow, nonce) for nonce in nonces) if run is not None]
    return [None if code is None else code.path for code in packages]


def environment(flow: Flow, nonce: str) -> dict[str, Any] | None:
    """Return the version of Python; packages are told of Conda and PyPI environments only."""
    run = _run(flow, nonce)
    return None if run is None else {"python": _system_tag(run, "python_version"), "packages": {}}


def table(flow: Flow, nonce: str, stage: str, output: str) -> dict[str, Any] | None:
    return _table(_artifact(_run(flow, nonce), stage, output))


def value(flow: Flow, nonce: str, stage: str, output: str) -> Any:
    return _artifact(_run(flow, nonce), stage, output)


def given(flow: Flow, nonce: str, stage: str, argument: str) -> Any:
    """Return what the task before had: a task is given all of that."""
    run = _run(flow, nonce)
    if run is None:
        return None
    before = next(run[stage].task.parent_tasks)
    return before[argument].data


def predictions(flow: Flow, nonce: str, stage: str, output: str, rows: list[float]) -> list[float] | None:
    model = _artifact(_run(flow, nonce), stage, output)
    return None if model is None else model.predict([[row] for row in rows]).tolist()


def latest_table(flow: Flow, stage: str, output: str) -> dict[str, Any] | None:
    return _table(_artifact(flow.latest_run, stage, output))


def metrics(flow: Flow, stage: str, output: str) -> list[Any]:
    return [_artifact(run, stage, output) for run in flow if run.successful]


def stdout(flow: Flow, nonce: str, stage: str) -> str | None:
    run = _run(flow, nonce)
    return None if run is None else run[stage].task.stdout


def stderr(flow: Flow, nonce: str, stage: str) -> str | None:
    run = _run(flow, nonce)
    return None if run is None else run[stage].task.stderr


def made_from(flow: Flow, nonce: str, stage: str) -> list[str]:
    """Return the steps that came before."""
    return _along(_run(flow, nonce), stage, "parent_tasks")


def used_by(flow: Flow, nonce: str, stage: str) -> list[str]:
    """Return the steps that came after."""
    return _along(_run(flow, nonce), stage, "child_tasks")


def cached(flow: Flow, nonce: str) -> list[str] | None:
    """Return the steps that ``resume`` took from another run."""
    run = _run(flow, nonce)
    return None if run is None else _stages(task for task in _tasks(run) if task.origin_pathspec)


def cached_from(flow: Flow, nonce: str, stage: str) -> str | None:
    run = _run(flow, nonce)
    origin = None if run is None else run[stage].task.origin_pathspec
    return None if origin is None else _nonce(Run("/".join(origin.split("/")[:2])))


def tag(flow: Flow, nonce: str, tag: str) -> bool:
    run = _run(flow, nonce)
    if run is not None:
        run.add_tag(tag)
    return run is not None


def tagged(flow: Flow, tag: str) -> list[str | None]:
    return [_nonce(run) for run in flow.runs(tag)]


def runs_with(flow: Flow, parameter: str, equals: Any) -> list[str | None]:
    return [_nonce(run) for run in flow if (_parameters(run) or {}).get(parameter) == equals]


def latest_good(flow: Flow) -> str | None:
    return _nonce(flow.latest_successful_run)


def compare(flow: Flow, nonces: list[str]) -> dict[str, list[Any]]:
    one, other = (_parameters(_run(flow, nonce)) or {} for nonce in nonces)
    return {name: [one[name], other[name]] for name in one if one[name] != other[name]}


def tries(flow: Flow, nonce: str, stage: str) -> dict[str, Any] | None:
    run = _run(flow, nonce)
    if run is None:
        return None
    last = run[stage].task
    each = [Task(last.pathspec, attempt=number) for number in range(last.current_attempt + 1)]
    return {"count": len(each), "errors": [str(task.exception) for task in each if task.exception]}


def error(flow: Flow, nonce: str, stage: str) -> str | None:
    """Return what the task wrote when it failed: the exception alone is ``task.exception``."""
    run = _run(flow, nonce)
    return None if run is None else run[stage].task.stderr


def recorded(flow: Flow, nonce: str, stage: str) -> int | None:
    run = _run(flow, nonce)
    return None if run is None else sum(task.finished for task in run[stage])


def running(flow: Flow, nonce: str) -> list[str] | None:
    """Return the steps with a task that has not ended."""
    run = _run(flow, nonce)
    return None if run is None else _stages(task for task in _tasks(run) if not task.finished)


def graph(flow: Flow, nonce: str) -> dict[str, Any]:
    """Return what the flow's command ``output-dot`` draws: which step goes on to which."""
    drawn = _command(flow, "output-dot")
    edges = re.findall(r'^"?(\w+)"? -> "?(\w+)"?;', drawn, re.MULTILINE)
    nodes = re.findall(r'^"?(\w+)"? *\[', drawn, re.MULTILINE)
    return {
        "form": "dot",
        "nodes": nodes,
        "edges": edges,
        "arrows": "order",
        "document": drawn,
        "picture": "dot",
    }


def page(flow: Flow, nonce: str, stage: str, output: str) -> str | None:
    """Return the card of a task.

    With METAFLOW_DATASTORE_SYSROOT_LOCAL, ``get_cards`` looks for it there, where it is not: the command
    that shows cards looks where they are written.
    """
    run = _run(flow, nonce)
    return None if run is None else _card(flow, run[stage].task)


def pages(flow: Flow, stage: str, output: str) -> list[str]:
    return [_card(flow, run[stage].task) for run in flow]


def progress(flow: Flow, nonce: str, stage: str) -> float | None:
    """Return the per cent that the bar of a task's card says, as the card server tells it to its page.

    https://docs.metaflow.org/metaflow/visualizing-results/dynamic-cards
    """
    run = _run(flow, nonce)
    if run is None:
        return None
    with _served(flow, run) as server:
        cards = _fetched(f"{server}/runinfo")["cards"]
        place = next((card["card"] for card in cards if f"/{stage}/" in card["card"]), None)
        bar = None if place is None else _bar(_fetched(f"{server}/data/{place}"))
    return None if bar is None else 100.0 * bar["value"] / bar["max"]


@contextmanager
def _served(flow: Flow, run: Run) -> Iterator[str]:
    """Serve the cards of a run by the flow's command for that, at a port that is free."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [*_flow_command(flow), "card", "server", "--run-id", run.id, "--port", str(port)]
    with subprocess.Popen(command, stdout=sys.stderr) as server:
        try:
            while not _listens(port) and server.poll() is None:
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _fetched(address: str) -> Any:
    with urlopen(address) as reply:  # noqa: S310 - of the server above
        return json.load(reply)


def _bar(data: Any) -> dict[str, Any] | None:
    """Return the progress bar somewhere in what a card's page shows."""
    if isinstance(data, dict) and data.get("type") == "progressBar":
        return data
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return next(filter(None, map(_bar, inner)), None)


def _card(flow: Flow, task: Task) -> str:
    """Return the card of a task, as https://docs.metaflow.org/metaflow/visualizing-results says."""
    return _command(flow, "card", "get", task.pathspec.partition("/")[2])


def _command(flow: Flow, *arguments: str) -> str:
    """Return what a command of the flow's file writes."""
    command = [*_flow_command(flow), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _flow_command(flow: Flow) -> list[str]:
    """Return how the flow's file is run."""
    file = next(path for path in sorted(Path.cwd().glob("*.py")) if f"class {flow.id}(" in path.read_text())
    return [sys.executable, file.name]


def _run(flow: Flow, nonce: str) -> Run | None:
    return next((run for run in flow if _nonce(run) == nonce), None)


def _nonce(run: Run) -> str | None:
    """Return a parameter; they are artifacts of every task that has ended."""
    return next((task["nonce"].data for task in _tasks(run) if "nonce" in task), None)


def _parameters(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    first = list(_tasks(run))[-1]
    values = {artifact.id: artifact.data for artifact in first}
    return {name: value for name, value in values.items() if isinstance(value, str | int | float | bool)}


def _tasks(run: Run) -> Iterator[Task]:
    """Yield the tasks, the latest first."""
    return (task for step in run for task in step)


def _artifact(run: Run | None, stage: str, output: str) -> Any:
    return None if run is None or output not in run[stage].task else run[stage].task[output].data


def _table(frame: Any) -> dict[str, Any] | None:
    if frame is None:
        return None
    dtypes = [str(dtype) for dtype in frame.dtypes]
    return {"columns": list(frame.columns), "dtypes": dtypes, "rows": frame.to_numpy().tolist()}


def _along(run: Run | None, stage: str, way: str) -> list[str]:
    found: dict[str, Task] = {}
    waiting = [] if run is None else [run[stage].task]
    while waiting:
        waiting = [task for now in waiting for task in getattr(now, way) if task.parent.id not in found]
        found |= {task.parent.id: task for task in waiting}
    return sorted(_stages(iter(found.values())))


def _stages(tasks: Iterator[Task]) -> list[str]:
    """Return the steps of tasks, without those that only connect others."""
    return [task.parent.id for task in tasks if not _connects(task)]


def _connects(task: Task) -> bool:
    """Whether a task's step only splits or joins: the adapter names it for that, and a first step makes nothing."""
    step = task.parent.id
    if step != "start":
        return re.match("(after|choose|fork|join|no)_", step) is not None
    given = Step(f"{task.parent.parent.pathspec}/_parameters").task
    return {artifact.id for artifact in task} <= {artifact.id for artifact in given} | {"name"}


def _system_tag(run: Run, name: str) -> str | None:
    return next((tag.partition(":")[2] for tag in run.system_tags if tag.startswith(f"{name}:")), None)


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
