"""Starting what a target's setup needs, as its adapter describes it."""

from collections.abc import Iterable
from pathlib import Path

from bench import sandbox as sandboxes
from bench.adapters import Adapter, Sandbox
from bench.services.standing import Standing, free_port

__all__ = ["start"]


def start(
    adapter: Adapter, setup: str, options: Iterable[str], box: Sandbox, folder: Path
) -> Standing | None:
    """Start the server of a setup, its data in ``folder``; None where the setup needs none.

    It is not ready yet: wait for it.
    """
    server = adapter.server(setup, box, folder, free_port())
    if server is None:
        return None
    environment = sandboxes.build_environment(box, adapter.manifest, setup, tuple(options), {})
    return Standing(server, environment, folder)
