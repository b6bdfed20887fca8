"""Runs a user's pipeline once in plain Python, and says what it raised and where in the user's own files."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bench.contract.adapter import Adapter
from bench.contract.driver import Definition
from bench.environments.pipeline_catalog import parameters, place_data
from bench.errors import AdapterError, PipelineFails
from bench.execution import sandbox as sandboxes
from bench.execution.supervisor import Facts, Supervised
from bench.host import machine, untrusted_files

__all__ = ["PlainRun", "run"]

RUNNER = Path(__file__).with_name("_plain_runner.py")
SIZE = "small"
"""Size of the data of a pipeline with ``data.py``."""
TICK_S = 2.0
"""Seconds between two messages about the line that runs."""
LAST_LINES = 3
"""Lines of standard error that are shown if the process ended without an exception."""
REPORT_BYTES = 1_000_000


@dataclass(frozen=True)
class PlainRun:
    """A run that ended well. seconds: of the whole command. files: names of what it wrote to ``results``."""

    seconds: float
    files: tuple[str, ...]


def run(
    definition: Definition,
    control: Adapter,
    cache: Path,
    time_limit: float,
    on_event: Callable[[str], None] = lambda _: None,
) -> PlainRun:
    """Render the pipeline with the control, run it, and return what it took.

    time_limit: in seconds. on_event: is told, while it runs, which of the user's lines runs.
    Raises PipelineFails if the user's code raised, was ended, or delivered nothing, and AdapterError if the program
    around it raised.
    """
    box = sandboxes.make(cache / "sandboxes", definition.interpreter)
    try:
        place_data(definition, SIZE, cache, box.data)
        control.render(definition.pipeline, box.project, frozenset())
        values = parameters(definition.pipeline, box.data, box.results)
        command = control.run(definition.pipeline, box, values, frozenset())
        python, *rest = command.argv
        status, report = box.root / "status.json", box.root / "report.json"
        command = msgspec.structs.replace(
            command,
            argv=(python, "-B", str(RUNNER), str(status), str(report), *rest),
            time_limit=time_limit,
            memory_limit=machine.run_memory(),
        )
        setup = control.manifest.default_setup
        environment = sandboxes.build_environment(box, control.manifest, setup, (), command.env)
        began = time.monotonic()
        stderr = box.root / "stderr.txt"
        running = Supervised(command, environment, box.root / "stdout.txt", stderr)
        try:
            facts = _watched(running, status, on_event)
        finally:
            running.stop()
        seconds = time.monotonic() - began
        user = definition.file.parent
        _check(facts, _read(report), _read(status), stderr, user, time_limit)
        files, _ = sandboxes.digest_results(box)
        if not files:
            raise PipelineFails(
                f"your pipeline fails in plain Python: its last stage "
                f"'{definition.pipeline.sentinel.name}' wrote no file to 'results', so no run of a tool can be "
                f"compared with it; let it write one ({user})"
            )
        return PlainRun(seconds, tuple(files))
    finally:
        sandboxes.remove(box)


def _watched(running: Supervised, status: Path, on_event: Callable[[str], None]) -> Facts:
    """Wait for the end; meanwhile tell which line of the user runs."""
    over = threading.Event()
    began = time.monotonic()

    def tell() -> None:
        while not over.wait(TICK_S):
            place = _last(_read(status))
            where = (
                "starting" if place is None else f"{place['function']} ({place['file']}:{place['line']})"
            )
            on_event(f"plain Python, {time.monotonic() - began:.0f} s: {where}")

    teller = threading.Thread(target=tell, name="plain run", daemon=True)
    teller.start()
    try:
        return running.facts()
    finally:
        over.set()
        teller.join()


def _check(facts: Facts, report: Any, status: Any, stderr: Path, user: Path, time_limit: float) -> None:
    """Raise PipelineFails, with the frames of the user's own files, for a run that did not end well."""
    head = "your pipeline fails in plain Python: "
    now = _frames(status, user)
    where = f"; it was at {now[-1]}" if now else ""
    if facts.stopped_by == "time":
        raise PipelineFails(
            f"{head}it had not ended after {time_limit:g} s{where}; for a pipeline that takes longer, "
            "give another --time-limit",
            now,
        )
    if facts.stopped_by == "memory":
        raise PipelineFails(f"{head}it needed more than {machine.run_memory() / 1e9:.1f} GB{where}", now)
    if facts.stopped_by == "output":
        raise PipelineFails(f"{head}it printed too much{where}", now)
    if isinstance(report, dict) and "type" in report:
        text = " ".join(str(report.get("text", "")).split())
        found = f"{report['type']}: {text}" if text else str(report["type"])
        frames = _frames(report.get("frames"), user)
        if not frames:
            raise AdapterError(
                f"the program that bench has written to run your pipeline in plain Python fails: {found}; "
                "no line of your code is at fault, so please report this as a fault of bench"
            )
        raise PipelineFails(f"{head}{found}", frames)
    if facts.exit_code != 0 or not isinstance(report, dict):
        ended = f"signal {facts.signal}" if facts.signal else f"exit code {facts.exit_code}"
        last = untrusted_files.read(stderr).decode(errors="replace").strip().splitlines()[-LAST_LINES:]
        said = f"; it said last: {' | '.join(last)}" if last else ""
        raise PipelineFails(f"{head}it ended with {ended} and without an exception{where}{said}", now)


def _frames(found: Any, user: Path) -> tuple[str, ...]:
    """Return the frames as ``file:line, in function: the line``, in the user's own folder."""
    if not isinstance(found, list):
        return ()
    return tuple(
        f"{user / str(one['file'])}:{one['line']}, in {one['function']}{_line(user / str(one['file']), one['line'])}"
        for one in found
        if isinstance(one, dict) and {"file", "line", "function"} <= one.keys()
    )


def _line(path: Path, number: int) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        return f": {lines[number - 1].strip()}"
    except (OSError, IndexError):
        return ""


def _last(found: Any) -> Any:
    frames: Sequence[Any] = found if isinstance(found, list) else ()
    return frames[0] if frames else None


def _read(path: Path) -> Any:
    """Return what the process left there; None if nothing that can be read."""
    try:
        return json.loads(untrusted_files.read(path, REPORT_BYTES))
    except (OSError, ValueError):
        return None
