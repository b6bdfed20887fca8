"""A small result set of format 1, as a bench of that time wrote it."""

import json
from pathlib import Path
from typing import Any

__all__ = ["written"]


def target(tool: str) -> dict[str, Any]:
    return {
        "tool": tool, "setup": "local", "options": [], "version": "1.0", "mode": "in process",
        "adapter_hash": "a", "environment_hash": "e",
    }  # fmt: skip


def run(role: str) -> dict[str, Any]:
    second = 1_000_000_000
    return {
        "role": role,
        "command": {"argv": ["tool", "run"], "cwd": "<sandbox>/project", "env": {}, "stdin": None,
                    "time_limit": 600.0, "memory_limit": None},
        "started": 1000.0,
        "marks": {"spawn": 0, "first_body": second, "last_body": second, "exit": 2 * second, "empty": 2 * second},
        "ended": {"exit_code": 0, "signal": None, "stopped_by": None},
        "usage": {"user_s": 1.0, "system_s": 0.5, "cpu_method": "cgroup", "peak_bytes": 50000000,
                  "peak_method": "cgroup", "processes": 1, "files": 1, "bytes_written": 1000, "supervisor_s": 0.01},
        "left_behind": [], "untraced": [], "traced": role != "bare", "trace": None,
        "stdout": f"0-{role}/stdout.txt", "stderr": f"0-{role}/stderr.txt",
        "result_digest": {"out.json": "right"}, "trace_broken": None, "bodies": [], "delivered": {}, "received": {},
        "others_s": 0.0, "project": None, "held": None, "observed": {},
    }  # fmt: skip


def attempt(tool: str, number: int, role: str = "fresh", **changes: Any) -> dict[str, Any]:
    key = f"{tool}0123456789"
    return {
        "type": "attempt",
        "cell": {"target": target(tool), "scenario": "startup", "case": "hello", "pipeline": "chain",
                 "size": "small", "block": 0, "order": 0, "key": key},
        "number": number, "again_because": None, "runs": [run(role)], "facts": {}, "declared": None,
        "fault": None, "load": 0.0, "evidence": f"evidence/{key}/{number}", **changes,
    }  # fmt: skip


FAULT = {"where": "machine", "reason": "full"}
RECORDS = [
    # Resumed: the first attempt was faulty, and the next one wrote over what it left.
    attempt("control", 1, runs=[], fault=FAULT),
    attempt("control", 1),
    attempt("control", 2, "bare"),
    attempt("twin", 1),
    attempt("twin", 1, runs=[], fault=FAULT, evidence="evidence/twin0123456789"),
    {
        "type": "check",
        "scope": "suite",
        "subject": "startup/hello",
        "kind": "look",
        "ok": True,
        "detail": "stopped",
    },
]
MANIFEST = {
    "format": 1, "harness": "0.1.0", "harness_hash": "h", "created": "2026-01-01T00:00:00+00:00", "argv": ["run"],
    "profile": "taste", "scenarios": ["startup"], "targets": [target("control"), target("twin")],
    "machine": {"processor": "P", "cores": 2, "system": "S", "identity": "here"},
    "adapters": {
        name: {"name": name, "role": name, "display": name, "settings": [], "environment": {}, "standing_setup": None,
               "setups": {"local": {"mode": "in process", "run_by": "run", "settings": [], "environment": {}}}}
        for name in ("control", "twin")
    },
    "cells": ["control0123456789", "twin0123456789"],
}  # fmt: skip


def written(folder: Path, pipelines: dict[str, Any]) -> Path:
    """Write it, with its evidence; the last line was cut off by a kill."""
    folder.mkdir(parents=True)
    for name in ("manifest.json", "manifest-1.json"):
        (folder / name).write_text(json.dumps({**MANIFEST, "pipelines": pipelines}))
    lines = [json.dumps(record) for record in RECORDS]
    (folder / "records.jsonl").write_text("\n".join(lines) + '\n{"type":"attempt","cell"')
    for key, number, role in (
        ("control", 1, "fresh"),
        ("control", 2, "bare"),
        ("twin", 1, "fresh"),
        ("twin", 7, "x"),
    ):
        for name in ("stdout.txt", "stderr.txt"):
            path = folder / "evidence" / f"{key}0123456789" / str(number) / f"0-{role}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{key} {number} {name}")
    (folder / "notes.txt").write_text("mine")
    return folder
