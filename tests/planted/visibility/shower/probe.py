"""What the shower's store tells."""

import itertools
import json
import os
from pathlib import Path
from typing import Any


def start(places: dict[str, str], pipeline: str) -> Path:
    return Path(places["state"])


def stdout(store: Path, nonce: str, stage: str) -> str | None:
    return _read(store, nonce, f"{stage}.stdout")


def stderr(store: Path, nonce: str, stage: str) -> str | None:
    return _read(store, nonce, f"{stage}.stderr")


def error(store: Path, nonce: str, stage: str) -> str | None:
    return _read(store, nonce, "error")


def running(store: Path, nonce: str) -> list[str] | None:
    found = _read(store, nonce, "running")
    return None if found is None else [found]


def progress(store: Path, nonce: str, stage: str) -> float | None:
    found = _read(store, nonce, f"{stage}.progress")
    return None if found is None else float(found)


def graph(store: Path, nonce: str) -> dict[str, Any] | None:
    text = _read(store, nonce, "flow")
    if text is None:
        return None
    flow = json.loads(text)
    stages = flow["stages"]
    nodes = [stage["name"] for stage in stages]
    edges = [
        (one["name"], other["name"])
        for one in stages
        for other in stages
        if {output["name"] for output in one["outputs"]} & set(other["inputs"].values())
    ]
    # A node of its own between two stages, as many tools have.
    edges = [edges[0], (edges[1][0], "between"), ("between", edges[1][1]), *edges[2:]]
    fault = flow["fault"]
    if fault == "lacks_edge":
        edges = edges[:-1]
    if fault == "lacks_node":
        gone = nodes.pop()
        edges = [edge for edge in edges if gone not in edge]
    if fault == "chains":
        edges = list(itertools.pairwise(nodes))
    if fault == "invents":
        edges = [*edges, (nodes[-1], nodes[0])]
    return {
        "form": "json",
        "nodes": nodes,
        "edges": edges,
        "arrows": "order" if fault == "chains" else "data",
        "document": text,
        "picture": "none",
    }


def page(store: Path, nonce: str, stage: str, output: str) -> str | None:
    fault = json.loads(_read(store, nonce, "flow") or '{"fault": ""}')["fault"]
    return pages(store, stage, output)[-1] if fault == "mistakes" else _read(store, nonce, "report.html")


def pages(store: Path, stage: str, output: str) -> list[str]:
    found = sorted(store.glob("*/report.html"), key=lambda path: path.stat().st_mtime_ns)
    return [path.read_text() for path in found]


def address(store: Path, nonce: str) -> str | None:
    kept = _read(store, nonce, "page.html")
    return None if kept is None else f"{os.environ['SHOWN_AT']}/{nonce}/page.html"


ROUTES = dict.fromkeys(
    ("stdout", "stderr", "error", "running", "progress", "graph", "page", "pages", "address"), "api"
)


def _read(store: Path, nonce: str, name: str) -> str | None:
    for folder in (nonce, "latest"):
        if (store / folder / name).is_file():
            return (store / folder / name).read_text()
    return None
