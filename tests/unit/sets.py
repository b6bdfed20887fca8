"""Makes small result sets by hand, for tests of what is read from whole ones."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bench.contract.records import FORMAT, Attempt, ResultSet
from bench.judging.results import Results, read
from bench.store.result_set import Store
from tests.unit.facts import attempt, chain, run, trial

__all__ = ["HERE", "blocks", "made", "results", "stored"]

HERE = {
    "processor": "P", "cores": 2, "memory": 1, "kernel": "k", "system": "S", "architecture": "a",
    "virtual": False, "filesystem": "f", "python": "3", "identity": "here",
}  # fmt: skip


def about(tool: str) -> dict[str, Any]:
    """Return what a manifest says of a tool; the names of the control and the A/A check are their roles."""
    return {
        "display": tool.capitalize(),
        "role": tool if tool in ("control", "aa check") else "tool",
        "setups": {
            setup: {"mode": "in process", "run_by": "run", "settings": [], "environment": {}}
            for setup in ("local", "first", "second")
        },
        "settings": [],
        "environment": {},
    }


def blocks(count: int, **seconds: float) -> list[Attempt]:
    """Return attempts of each tool in each block, a little slower from block to block."""
    return [
        attempt(trial(tool, block, order=block * 10 + place), run(value * (1 + block / 100)))
        for block in range(count)
        for place, (tool, value) in enumerate(seconds.items())
    ]


def stored(folder: Path, *attempts: Attempt, **changes: Any) -> Store:
    """Write a result set of the startup scenario; ``versions`` by tool."""
    versions = changes.pop("versions", {})
    tools = list(dict.fromkeys(one.trial.target.tool for one in attempts))
    fields: dict[str, Any] = {
        "format": FORMAT,
        "harness": "0",
        "harness_hash": "h",
        "created": "2026-01-01T00:00:00+00:00",
        "argv": (),
        "profile": "standard",
        "scenarios": ("startup",),
        "targets": tuple(
            replace(one, version=versions.get(one.tool, one.version))
            for one in {one.trial.target.name: one.trial.target for one in attempts}.values()
        ),
        "machine": HERE,
        "adapters": {tool: about(tool) for tool in tools},
        "pipelines": {"chain": chain().as_json()},
        "trials": tuple(dict.fromkeys(one.trial.key for one in attempts)),
    }
    store = Store(folder)
    store.create(ResultSet(**{**fields, **changes}))
    for one in attempts:
        store.append(one)
    return store


def results(folder: Path, *attempts: Attempt, **changes: Any) -> Results:
    """Return a result set, read and judged."""
    return read(stored(folder, *attempts, **changes))


def made(folder: Path, count: int = 6, **seconds: float) -> Results:
    """Return a result set of some blocks."""
    return results(folder, *blocks(count, **seconds))
