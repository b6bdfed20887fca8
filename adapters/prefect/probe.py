"""What Prefect's client tells of runs, asked in a new process.

With PREFECT_API_URL it asks that server, without it one that it starts itself on the same database.
"""

import json
from collections.abc import Iterator
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterKey,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterTags,
    LogFilter,
    LogFilterFlowRunId,
    LogFilterTaskRunId,
)
from prefect.client.schemas.objects import FlowRun, TaskRun
from prefect.client.schemas.sorting import FlowRunSort, LogSort
from prefect.exceptions import MissingResult
from prefect.utilities.urls import url_for

ROUTES = dict.fromkeys(
    (
        *("runs", "state", "parameters", "started", "ended", "durations", "owner", "versions"),
        *("table", "value", "predictions", "latest_table", "metrics", "stdout", "stderr"),
        *("made_from", "used_by", "cached", "tag", "tagged", "runs_with", "latest_good"),
        *(
            "compare",
            "tries",
            "error",
            "delete",
            "recorded",
            "running",
            "graph",
            "page",
            "pages",
            "progress",
            "address",
        ),
    ),
    "api",
)
STATES = {"completed": "succeeded"}
PAGE = 200


class Flow:
    """One flow, by its name, and the client that knows it."""

    def __init__(self, client: SyncPrefectClient, name: str) -> None:
        self.client = client
        self.filter = FlowFilter(name=FlowFilterName(any_=[name]))


def start(places: dict[str, str], pipeline: str) -> Flow:
    client = get_client(sync_client=True)
    client.hello()
    return Flow(client, pipeline.replace("_", "-"))


def runs(flow: Flow) -> list[str]:
    """Return the nonces of all runs, the latest first."""
    return [run.parameters["nonce"] for run in _runs(flow)]


def state(flow: Flow, nonce: str) -> str | None:
    run = _run(flow, nonce)
    return None if run is None else _state(run)


def parameters(flow: Flow, nonce: str) -> dict[str, Any] | None:
    run = _run(flow, nonce)
    return None if run is None else run.parameters


def started(flow: Flow, nonce: str) -> float | None:
    run = _run(flow, nonce)
    return None if run is None or run.start_time is None else run.start_time.timestamp()


def ended(flow: Flow, nonce: str) -> float | None:
    run = _run(flow, nonce)
    return None if run is None or run.end_time is None else run.end_time.timestamp()


def durations(flow: Flow, nonce: str) -> dict[str, float]:
    return {
        _stage(task): task.total_run_time.total_seconds()
        for task in _tasks(flow, _run(flow, nonce))
        if task.end_time is not None
    }


def owner(flow: Flow, nonce: str) -> str | None:
    run = _run(flow, nonce)
    return None if run is None or run.created_by is None else run.created_by.display_value


def versions(flow: Flow, nonces: list[str]) -> list[str | None]:
    """Return the version of the flow, by default a digest of the file that it stands in."""
    return [run.flow_version for run in (_run(flow, nonce) for nonce in nonces) if run is not None]


def table(flow: Flow, nonce: str, stage: str, output: str) -> dict[str, Any] | None:
    return _table(_result(flow, _run(flow, nonce), stage))


def value(flow: Flow, nonce: str, stage: str, output: str) -> Any:
    return _result(flow, _run(flow, nonce), stage)


def predictions(
    flow: Flow,
    nonce: str,
    stage: str,
    output: str,
    rows: list[float],
) -> list[float] | None:
    model = _result(flow, _run(flow, nonce), stage)
    return None if model is None else model.predict([[row] for row in rows]).tolist()


def latest_table(flow: Flow, stage: str, output: str) -> dict[str, Any] | None:
    return _table(_result(flow, next(_runs(flow)), stage))


def metrics(flow: Flow, stage: str, output: str) -> list[Any] | None:
    found = [_result(flow, run, stage) for run in _runs(flow) if _state(run) == "succeeded"]
    return [row for row in found if row is not None] or None


def stdout(flow: Flow, nonce: str, stage: str) -> str | None:
    return _log(flow, _run(flow, nonce), stage)


def stderr(flow: Flow, nonce: str, stage: str) -> str | None:
    return _log(flow, _run(flow, nonce), stage)


def made_from(flow: Flow, nonce: str, stage: str) -> list[str]:
    tasks = {task.id: task for task in _tasks(flow, _run(flow, nonce))}
    inputs = {_stage(task): [_stage(tasks[one]) for one in _upstream(task)] for task in tasks.values()}
    return _along(inputs, stage)


def used_by(flow: Flow, nonce: str, stage: str) -> list[str]:
    tasks = {task.id: task for task in _tasks(flow, _run(flow, nonce))}
    users = {
        _stage(task): [_stage(other) for other in tasks.values() if task.id in _upstream(other)]
        for task in tasks.values()
    }
    return _along(users, stage)


def cached(flow: Flow, nonce: str) -> list[str]:
    return [_stage(task) for task in _tasks(flow, _run(flow, nonce)) if task.state_name == "Cached"]


def tag(flow: Flow, nonce: str, tag: str) -> bool:
    run = _run(flow, nonce)
    if run is not None:
        flow.client.update_flow_run(run.id, tags=[*run.tags, tag])
    return run is not None


def tagged(flow: Flow, tag: str) -> list[str]:
    with_tag = FlowRunFilter(tags=FlowRunFilterTags(all_=[tag]))
    found = flow.client.read_flow_runs(flow_filter=flow.filter, flow_run_filter=with_tag)
    return [run.parameters["nonce"] for run in found]


def runs_with(flow: Flow, parameter: str, equals: Any) -> list[str]:
    """Return the nonces of the runs; the server cannot search by a parameter."""
    return [run.parameters["nonce"] for run in _runs(flow) if run.parameters.get(parameter) == equals]


def latest_good(flow: Flow) -> str | None:
    return next((run.parameters["nonce"] for run in _runs(flow) if _state(run) == "succeeded"), None)


def compare(flow: Flow, nonces: list[str]) -> dict[str, list[Any]] | None:
    one, other = (_run(flow, nonce) for nonce in nonces)
    if one is None or other is None:
        return None
    both = one.parameters.keys() & other.parameters.keys()
    pairs = {name: [one.parameters[name], other.parameters[name]] for name in both}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def tries(flow: Flow, nonce: str, stage: str) -> dict[str, Any] | None:
    """Return how often a task ran, and the lines of its log that tell of an error."""
    run = _run(flow, nonce)
    task = next((task for task in _tasks(flow, run) if _stage(task) == stage), None)
    if task is None:
        return None
    lines = (_log(flow, run, stage) or "").split("\n\n")
    return {"count": task.run_count, "errors": [line for line in lines if "failed with exception" in line]}


def error(flow: Flow, nonce: str, stage: str) -> str | None:
    return _log(flow, _run(flow, nonce), stage)


def delete(flow: Flow, nonce: str) -> bool:
    run = _run(flow, nonce)
    if run is not None:
        flow.client.delete_flow_run(run.id)
    return run is not None


def recorded(flow: Flow, nonce: str, stage: str) -> int:
    tasks = _tasks(flow, _run(flow, nonce))
    return sum(_stage(task) == stage and task.state_name == "Completed" for task in tasks)


def running(flow: Flow, nonce: str) -> list[str]:
    tasks = _tasks(flow, _run(flow, nonce))
    return [_stage(task) for task in tasks if task.state_name == "Running"]


def graph(flow: Flow, nonce: str) -> dict[str, Any] | None:
    """Return the graph of a run, as the server tells it to its pages; mapped tasks are one node here.

    https://docs.prefect.io/v3/api-ref/rest-api/server/flow-runs/read-flow-run-graph-v2
    """
    run = _run(flow, nonce)
    if run is None:
        return None
    reply = flow.client.request("GET", "/flow_runs/{id}/graph-v2", path_params={"id": run.id}).json()
    names = {id_: node["label"].rpartition("-")[0] for id_, node in reply["nodes"]}
    edges = {(names[one["id"]], names[id_]) for id_, node in reply["nodes"] for one in node["parents"]}
    return {
        "form": "json",
        "nodes": sorted(set(names.values())),
        "arrows": "data",
        "edges": sorted(edges),
        "document": json.dumps(reply, indent=1),
        "picture": "its server's pages draw it; before a run flow.visualize() does, with graphviz's dot",
    }


def page(flow: Flow, nonce: str, stage: str, output: str) -> str | None:
    run = _run(flow, nonce)
    if run is None:
        return None
    of_run = ArtifactFilterFlowRunId(any_=[run.id])
    found = flow.client.read_artifacts(artifact_filter=ArtifactFilter(flow_run_id=of_run, key=_key(stage)))
    return next((str(one.data) for one in found), None)


def pages(flow: Flow, stage: str, output: str) -> list[str]:
    found = flow.client.read_artifacts(artifact_filter=ArtifactFilter(key=_key(stage)))
    return [str(one.data) for one in found]


def progress(flow: Flow, nonce: str, stage: str) -> float | None:
    """Return the per cent that a stage's progress artifact says."""
    found = page(flow, nonce, stage, "")
    return None if found is None else float(found)


def address(flow: Flow, nonce: str) -> str | None:
    """Return where the pages of the server show a run."""
    run = _run(flow, nonce)
    return None if run is None else url_for(run)


def _key(stage: str) -> ArtifactFilterKey:
    return ArtifactFilterKey(any_=[stage.replace("_", "-")])


def _run(flow: Flow, nonce: str) -> FlowRun | None:
    return next((run for run in _runs(flow) if run.parameters.get("nonce") == nonce), None)


def _runs(flow: Flow) -> Iterator[FlowRun]:
    """Yield all runs, the latest first, page by page."""
    offset = 0
    while True:
        page = flow.client.read_flow_runs(
            flow_filter=flow.filter, sort=FlowRunSort.START_TIME_DESC, limit=PAGE, offset=offset
        )
        yield from page
        if len(page) < PAGE:
            return
        offset += PAGE


def _state(run: FlowRun) -> str | None:
    if run.state_type is None:
        return None
    name = run.state_type.value.lower()
    return STATES.get(name, name)


def _tasks(flow: Flow, run: FlowRun | None) -> list[TaskRun]:
    """Return the task runs of a run, page by page."""
    found: list[TaskRun] = []
    if run is None:
        return found
    while len(found) % PAGE == 0:
        of_run = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
        page = flow.client.read_task_runs(flow_run_filter=of_run, limit=PAGE, offset=len(found))
        found += page
        if not page:
            break
    return found


def _stage(task: TaskRun) -> str:
    """Return the task's name; that of a run of it ends with a dash and three digits."""
    return task.name.rpartition("-")[0]


def _upstream(task: TaskRun) -> list[Any]:
    return [one.id for inputs in task.task_inputs.values() for one in inputs if hasattr(one, "id")]


def _along(steps: dict[str, list[str]], stage: str) -> list[str]:
    found: set[str] = set()
    waiting = [stage]
    while waiting:
        more = set(steps[waiting.pop()]) - found
        found |= more
        waiting += more
    return sorted(found)


def _result(flow: Flow, run: FlowRun | None, stage: str) -> Any:
    """Return what a task returned, if it was told to persist that."""
    task = next((task for task in _tasks(flow, run) if _stage(task) == stage), None)
    if task is None or task.state is None:
        return None
    try:
        return task.state.result()
    except MissingResult:
        return None


def _table(frame: Any) -> dict[str, Any] | None:
    if frame is None:
        return None
    dtypes = [str(dtype) for dtype in frame.dtypes]
    return {"columns": list(frame.columns), "dtypes": dtypes, "rows": frame.to_numpy().tolist()}


def _log(flow: Flow, run: FlowRun | None, stage: str) -> str | None:
    task = next((task for task in _tasks(flow, run) if _stage(task) == stage), None)
    if run is None or task is None:
        return None
    of_task = LogFilter(
        flow_run_id=LogFilterFlowRunId(any_=[run.id]), task_run_id=LogFilterTaskRunId(any_=[task.id])
    )
    lines = flow.client.read_logs(of_task, sort=LogSort.TIMESTAMP_ASC)
    return "\n\n".join(line.message for line in lines) or None
