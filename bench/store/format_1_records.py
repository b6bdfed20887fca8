"""Converts records and manifests of an older format to the current one; facts keep their values.

Format 1 used other words: *cell* for *trial*, role *bare* for *untraced*, *look* for *interim check*, and tool *twin*
for the *A/A check*.
"""

import json
from collections.abc import Callable
from typing import Any

__all__ = ["manifest_from_1", "record_from_1"]

AA = "aa"
ROLES = {"control": "control", "twin": "aa check"}
KINDS = {"look": "interim check", "twin": "aa check"}


def record_from_1(line: bytes) -> dict[str, Any]:
    """Return an attempt or a check of format 2 from a line of format 1. Raises ValueError for any other line."""
    record: dict[str, Any] = json.loads(line)
    moves: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"attempt": _attempt, "check": _check}
    if record.get("type") not in moves:
        raise ValueError(f"no record is of the type {record.get('type')!r}")
    return moves[record["type"]](record)


def manifest_from_1(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest of format 2 from one of format 1."""
    moved = {**manifest, "format": 2, "trials": manifest.get("cells", [])}
    moved.pop("cells", None)
    moved["targets"] = [_target(one) for one in manifest["targets"]]
    moved["profile"] = manifest["profile"].replace("taste", "smoke")
    for name in ("adapters", "environments"):
        moved[name] = {AA if tool == "twin" else tool: one for tool, one in manifest.get(name, {}).items()}
    for one in moved["adapters"].values():
        one["role"] = ROLES.get(one["role"], "tool")
        if one["name"] == "twin":
            one["name"] = AA
        one["persistent_setup"] = one.pop("standing_setup", None)
    request = moved.get("request")
    if request and request.get("profile"):
        request["profile"] = request["profile"].replace("taste", "smoke")
    return moved


def _target(target: dict[str, Any]) -> dict[str, Any]:
    tool = target["tool"]
    moved = {"tool": AA if tool == "twin" else tool, "role": ROLES.get(tool, "tool")}
    return {**moved, **{name: value for name, value in target.items() if name != "tool"}}


def _attempt(record: dict[str, Any]) -> dict[str, Any]:
    moved: dict[str, Any] = {}
    for name, value in record.items():
        if name == "cell":
            moved["trial"] = {**value, "target": _target(value["target"])}
        elif name == "runs":
            moved["runs"] = [_run(run) for run in value]
        else:
            moved[name] = value
    return moved


def _run(run: dict[str, Any]) -> dict[str, Any]:
    moved = {"unannounced" if name == "untraced" else name: value for name, value in run.items()}
    if moved["role"] == "bare":
        moved["role"] = "untraced"
    return moved


def _check(record: dict[str, Any]) -> dict[str, Any]:
    scope = "trial" if record["scope"] == "cell" else record["scope"]
    return {**record, "scope": scope, "kind": KINDS.get(record["kind"], record["kind"])}
