"""What Prefect's client tells of runs, asked in a new process.

With PREFECT_API_URL it asks that server, without it one that it starts itself on the same database.
"""

from collections.abc import Iterator

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort

ROUTES = {"state": "api"}
STATES = {"completed": "succeeded"}
PAGE = 200


class Runs:
    """The runs of one flow, the latest first."""

    def __init__(self, client: SyncPrefectClient, flow: str) -> None:
        self.client = client
        self.flow = flow


def start(places: dict[str, str], pipeline: str) -> Runs:  # noqa: ARG001 - the contract's
    """Return the runs of the flow."""
    client = get_client(sync_client=True)
    client.hello()
    return Runs(client, pipeline.replace("_", "-"))


def state(runs: Runs, nonce: str) -> str | None:
    """Return the state of a run."""
    run = _run(runs, nonce)
    if run is None or run.state is None:
        return None
    name = run.state.type.value.lower()
    return STATES.get(name, name)


def _run(runs: Runs, nonce: str) -> FlowRun | None:
    return next((run for run in _all(runs) if run.parameters.get("nonce") == nonce), None)


def _all(runs: Runs) -> Iterator[FlowRun]:
    """Yield all runs, the latest first, page by page."""
    offset = 0
    while True:
        page = runs.client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[runs.flow])),
            sort=FlowRunSort.START_TIME_DESC,
            limit=PAGE,
            offset=offset,
        )
        yield from page
        if len(page) < PAGE:
            return
        offset += PAGE
