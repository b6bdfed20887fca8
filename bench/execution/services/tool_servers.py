"""Starting what a target's setup needs, as its adapter describes it."""

from collections.abc import Iterable
from pathlib import Path

from bench.contract.adapter import Adapter, Sandbox, Server
from bench.execution import sandbox as sandboxes
from bench.execution.services.persistent_server import PersistentServer, free_port

__all__ = ["start", "start_viewer"]


def start(
    adapter: Adapter, setup: str, options: Iterable[str], box: Sandbox, folder: Path
) -> PersistentServer | None:
    """Start the server of a setup, its data in ``folder``; None where the setup needs none.

    It is not ready yet: wait for it.
    """
    return _started(adapter.server(setup, box, folder, free_port()), adapter, setup, options, box, folder)


def start_viewer(
    adapter: Adapter, setup: str, options: Iterable[str], box: Sandbox, folder: Path
) -> PersistentServer | None:
    """Start what shows pages of the runs in a sandbox, its log in ``folder``; None where the tool has none.

    It is not ready yet: wait for it.
    """
    return _started(adapter.viewer(box, free_port()), adapter, setup, options, box, folder)


def _started(
    server: Server | None, adapter: Adapter, setup: str, options: Iterable[str], box: Sandbox, folder: Path
) -> PersistentServer | None:
    if server is None:
        return None
    environment = sandboxes.build_environment(box, adapter.manifest, setup, tuple(options), {})
    return PersistentServer(server, environment, folder)
