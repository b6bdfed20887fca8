"""``bench lock``: updates the locks of an adapter."""

from typing import Annotated

import typer

__all__ = ["lock"]


def lock(
    tool: Annotated[str, typer.Argument(help="Adapter whose locks are updated.")],
) -> None:
    """Update all locks of an adapter: tool, earlier version, package, pages and launchpad."""
    from bench.contract.adapter import Adapter
    from bench.contract.adapter_loading import discover, find, load
    from bench.contract.adapter_manifest import read_manifest
    from bench.environments import environment

    folder = find(tool, discover())
    manifest = read_manifest(folder)
    print(environment.lock(folder))
    if manifest.earlier is not None:
        print(environment.lock_earlier(folder, manifest))
    for path in environment.lock_besides(folder):
        print(path)
    if type(load(folder)).launchpad is not Adapter.launchpad:
        for path in environment.lock_launchpad(folder):
            print(path)
