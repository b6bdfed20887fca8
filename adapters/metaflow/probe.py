"""What Metaflow's client tells of runs, asked in a new process."""

from metaflow import Flow, Run, Task, namespace

ROUTES = {"state": "api"}


def start(places: dict[str, str], pipeline: str) -> Flow:  # noqa: ARG001 - the contract's
    """Return the flow, whoever ran it; where its runs are is in the environment."""
    namespace(None)
    return Flow("".join(part.capitalize() for part in pipeline.split("_")) + "Flow")


def state(flow: Flow, nonce: str) -> str | None:
    """Return the state of a run: one that was killed looks like one that is running."""
    run = _run(flow, nonce)
    if run is None:
        return None
    if run.successful:
        return "succeeded"
    return "failed" if any(task.exception for task in _tasks(run)) else "running"


def _run(flow: Flow, nonce: str) -> Run | None:
    """Return the run with this parameter; parameters are artifacts of every task that has ended."""
    for run in flow:
        task = next((task for task in _tasks(run) if "nonce" in task), None)
        if task is not None and task["nonce"].data == nonce:
            return run
    return None


def _tasks(run: Run) -> list[Task]:
    return [task for step in run for task in step]
