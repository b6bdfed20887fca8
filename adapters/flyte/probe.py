"""What Flyte tells of a project without a backend, asked in a new process: nothing of a local run, its graph."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from flyteidl.admin.workflow_pb2 import WorkflowSpec
from google.protobuf.json_format import MessageToJson

ROUTES = {"graph": "command"}


def start(places: dict[str, str], pipeline: str) -> tuple[Path, str]:
    """Return the folder of the sources, and the name of the workflow."""
    return Path(places["project"], "src"), f"workflows.{pipeline}"


def graph(project: tuple[Path, str], nonce: str) -> dict[str, Any]:
    """Return the nodes of the compiled workflow, and which come before each.

    ``pyflyte serialize`` writes what a backend is given; no image of that name is needed for it.
    """
    source, workflow = project
    folder = Path.cwd() / "compiled"
    folder.mkdir()
    pyflyte = str(Path(sys.executable).with_name("pyflyte"))
    command = [pyflyte, "--pkgs", "workflows", "serialize", "--image", "none/none:latest"]
    subprocess.run([*command, "workflows", "-f", str(folder)], cwd=source, check=True, stdout=sys.stderr)
    spec = WorkflowSpec()
    spec.ParseFromString(next(folder.glob(f"*_{workflow}_2.pb")).read_bytes())
    names = {node.id: _stage(node) for node in spec.template.nodes}
    edges = [
        (names[before], names[node.id])
        for node in spec.template.nodes
        for before in node.upstream_node_ids
        if before in names
    ]
    return {
        "form": "json",
        "nodes": list(names.values()),
        "arrows": "data",
        "edges": edges,
        "document": MessageToJson(spec.template),
        "picture": "a picture of it is drawn by the backend's console only",
    }


def _stage(node: Any) -> str:
    """Return the function of a node's task; that of a mapped one is in its name, before a digest."""
    if node.WhichOneof("target") != "array_node":
        return str(node.task_node.reference_id.name.rpartition(".")[2])
    name = node.array_node.node.task_node.reference_id.name.rpartition(".")[2]
    return str(name.removeprefix("map_").rpartition("_")[0])
