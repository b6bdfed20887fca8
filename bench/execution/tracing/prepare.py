"""Writes the settings that the hook reads, and says what a run's environment needs."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.contract.source_map import SourceMap
from bench.errors import TraceError

__all__ = ["HOOK_FOLDER", "VARIABLE", "Hold", "changed_hook", "prepare"]

HOOK_FOLDER = Path(__file__).resolve().parent / "hook"
"""The folder that goes on the PYTHONPATH of a tool's processes."""
VARIABLE = "ORCHESTRATOR_BENCH_TRACE"


def _hook_digests() -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in HOOK_FOLDER.iterdir()
        if path.is_file()
    }


_EXPECTED = (
    "orchestrator_bench_arrays.py",
    "orchestrator_bench_compile.py",
    "orchestrator_bench_digests.py",
    "orchestrator_bench_encoding.py",
    "orchestrator_bench_numbers.py",
    "orchestrator_bench_objects.py",
    "orchestrator_bench_trace.py",
    "sitecustomize.py",
)
_AT_START = _hook_digests()


def changed_hook() -> str | None:
    """Return the first file of the hook's folder that a run has added, changed or taken away.

    The folder is on the path of every run: a file that one tool leaves in it would reach all others.
    """
    now = _hook_digests()
    for name in sorted({*now, *_EXPECTED}):
        if name not in _EXPECTED or now.get(name) != _AT_START.get(name):
            return name
    return None


@dataclass(frozen=True)
class Hold:
    """Where the first body of a stage waits for the harness.

    point: ``start``, before its first statement; ``end``, after its last. reached: the FIFO in which the
    body writes a line (its process id and call) when it is there. release: the FIFO from which it then
    reads; a line or its closing lets it go on. Where a FIFO has been removed the body goes on at once.
    """

    stage: str
    point: Literal["start", "end"]
    reached: Path
    release: Path


def prepare(
    folder: Path,
    project: Path,
    source_map: SourceMap,
    traced_files: Sequence[str],
    *,
    digests: bool = False,
    changes: bool = False,
    hold: Hold | None = None,
) -> dict[str, str]:
    """Make the trace folder of one run; returns the environment variables that turn tracing on.

    project: the rendered project; files in it are compiled from source and announced. traced_files:
    bare names of files elsewhere that hold user code. digests: describe what goes in and comes out of
    each body; not for runs that are timed. changes: with digests, tell also which inputs a body has changed
    in place. hold: its FIFOs are made where they do not exist. A run that
    has a PYTHONPATH of its own puts it after the one returned.

    Raises TraceError where the folder already has a trace, or a path cannot be written down.
    """
    folder = folder.absolute()
    if (folder / "settings").exists():
        raise TraceError(f"{folder} already holds a trace; give every run a folder of its own")
    # Links are kept in the first, because a loader may be given either.
    roots = dict.fromkeys((os.path.abspath(project), os.path.realpath(project)))  # noqa: PTH100
    fields = [("project", root) for root in roots]
    fields += [("file", name) for name in traced_files]
    if digests:
        fields.append(("digests", "changes" if changes else "on"))
    for name, value in fields:
        _check(name, value)
    lines = [f"{name}\t{value}\n" for name, value in fields]
    if hold is not None:
        parts = (hold.stage, hold.point, str(hold.reached.absolute()), str(hold.release.absolute()))
        for part in parts:
            _check("hold", part)
        lines.append("hold\t" + "\t".join(parts) + "\n")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for fifo in () if hold is None else (hold.reached, hold.release):
            if not fifo.exists():
                os.mkfifo(fifo)
        (folder / "spans.json").write_text(source_map.as_json(), encoding="utf-8")
        (folder / "intact").touch()
        (folder / "settings").write_text("".join(lines), encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise TraceError(f"cannot prepare a trace in {folder}: {error.strerror}") from error
    return {VARIABLE: str(folder), "PYTHONPATH": str(HOOK_FOLDER)}


def _check(name: str, value: str) -> None:
    if "\n" in value or "\t" in value:
        raise TraceError(f"{name} {value!r}: a traced path must have no tab and no line break")
