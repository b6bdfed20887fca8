"""Drives one cell, with five verbs: render, run, change, hold, collect.

A scenario says which; the cell acts, always in the same way for every tool, and brings back facts.
"""

import hashlib
import os
import re
import select
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench import catalogue, machine
from bench import sandbox as sandboxes
from bench.adapters import Adapter, Sandbox, SourceMap
from bench.pipeline import Pipeline
from bench.records import BodyRun, Cell, Command, Digest, Ended, LeftBehind, Role, Run, Usage
from bench.redaction import Redaction
from bench.supervisor import Facts, Supervised
from bench.tracing import reader
from bench.tracing.prepare import Hold, prepare
from bench.tracing.reader import Body, Event
from bench.tracing.spawns import untraced_spawns

__all__ = ["CellFault", "Driver", "Point"]

IMPORT_LINE = re.compile(r"import time:\s+(\d+) \|")
UNTRACED_ROLES: tuple[Role, ...] = ("bare",)


class CellFault(Exception):
    """A fault of harness or adapter that ends this cell, as *error*; the suite goes on."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


@dataclass(frozen=True)
class Point:
    """Where a body is held: at the ``start`` or the ``end`` of the first call of a stage."""

    stage: str
    at: Literal["start", "end"]


class Driver:
    """One attempt of one cell, in one sandbox. ``traced`` is False when it is tried again without."""

    def __init__(
        self,
        cell: Cell,
        adapter: Adapter,
        definition: catalogue.Definition,
        sandbox: Sandbox,
        evidence: Path,
        *,
        traced: bool = True,
    ) -> None:
        self.cell = cell
        self.adapter = adapter
        self.pipeline = definition.pipeline
        self.sandbox = sandbox
        self.evidence = evidence
        self.traced = traced
        self.runs: list[Run] = []
        self.source_map: SourceMap | None = None
        self.current: Supervised | None = None
        self.stopped = False
        self._rendered_files: set[Path] = set()
        self._redaction = Redaction(
            {
                str(sandbox.root): "<sandbox>",
                str(sandbox.python.parent.parent): "<environment>",
            }
        )

    def render(self) -> None:
        """Write the native project. Raises CellFault where its source map names no file of it."""
        self.source_map = self._rendered(self.pipeline, self.sandbox.project)

    def change(self, pipeline: Pipeline) -> None:
        """Make the project that of ``pipeline``, touching only files whose bytes differ.

        All others keep their inode and modification time.
        """
        second = self.sandbox.root / "changed"
        shutil.rmtree(second, ignore_errors=True)
        second.mkdir()
        self.source_map = self._rendered(pipeline, second)
        wanted = {path.relative_to(second) for path in second.rglob("*") if path.is_file()}
        before = self._rendered_files
        for relative in sorted(wanted):
            old, new = self.sandbox.project / relative, second / relative
            if not old.is_file() or old.read_bytes() != new.read_bytes():
                old.parent.mkdir(parents=True, exist_ok=True)
                old.write_bytes(new.read_bytes())
        for relative in before - wanted:
            (self.sandbox.project / relative).unlink(missing_ok=True)
        self._rendered_files = wanted
        self.pipeline = pipeline
        shutil.rmtree(second)

    def run(self, role: Role) -> Run:
        """Run the project by the tool's own command; returns the facts."""
        return self._run(role, None, None)

    def hold(self, role: Role, point: Point, act: Callable[[Supervised], None]) -> Run:
        """Run, and call ``act`` while the first body that reaches ``point`` waits there."""
        return self._run(role, point, act)

    def stop(self) -> None:
        """End what runs now, from any thread, and start nothing more."""
        self.stopped = True
        if self.current is not None:
            self.current.end()

    def _rendered(self, pipeline: Pipeline, folder: Path) -> SourceMap:
        source_map = self.adapter.render(pipeline, folder)
        wrong = source_map.check(folder, self.adapter.manifest.traced_files)
        missing = set(pipeline.stages) - {span.stage for span in source_map.spans}
        wrong += [f"stage '{stage}': no span" for stage in sorted(missing)]
        if wrong:
            raise CellFault(f"adapter '{self.adapter.manifest.name}'", f"its source map: {wrong[0]}")
        self._rendered_files = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        return source_map

    def _run(self, role: Role, point: Point | None, act: Callable[[Supervised], None] | None) -> Run:
        if self.source_map is None:
            raise CellFault("scenario", "run before render")
        if self.stopped:
            raise CellFault("harness", "it was interrupted")
        folder = self.evidence / f"{len(self.runs)}-{role}"
        folder.mkdir(parents=True)
        values = catalogue.parameters(self.pipeline, self.sandbox.data, self.sandbox.results)
        options = frozenset(self.cell.target.options)
        try:
            command = self.adapter.run(self.pipeline, self.sandbox, values, options)
        except Exception as error:
            where = f"adapter '{self.adapter.manifest.name}'"
            raise CellFault(where, f"run() failed: {type(error).__name__}: {error}") from error
        shutil.rmtree(self.sandbox.results)
        self.sandbox.results.mkdir()
        traced = self.traced and role not in UNTRACED_ROLES
        hold = None
        extra = dict(command.env)
        trace = self.sandbox.root / f"trace-{len(self.runs)}"
        if traced:
            if point is not None:
                hold = Hold(point.stage, point.at, trace / "reached", trace / "release")
            variables = prepare(
                trace,
                self.sandbox.project,
                self.source_map,
                self.adapter.manifest.traced_files,
                digests=role == "verifying",
                hold=hold,
            )
            if "PYTHONPATH" in extra:
                variables["PYTHONPATH"] += os.pathsep + extra["PYTHONPATH"]
            extra.update(variables)
        if role == "imports":
            extra["PYTHONPROFILEIMPORTTIME"] = "1"
        target = self.cell.target
        environment = sandboxes.build_environment(
            self.sandbox, self.adapter.manifest, target.setup, target.options, extra
        )
        before = sandboxes.snapshot(self.sandbox)
        started = time.time()
        busy = machine.busy_seconds()
        stdout, stderr = folder / "stdout.txt", folder / "stderr.txt"
        self.current = Supervised(command, environment, stdout, stderr)
        try:
            if hold is not None and act is not None:
                _await_hold(self.current, hold, act)
            facts = self.current.facts()
        finally:
            self.current.stop()
            self.current = None
        others = machine.busy_seconds() - busy
        run = self._facts(role, command, started, others, facts, folder, trace if traced else None, before)
        self.runs.append(run)
        return run

    def _facts(
        self,
        role: Role,
        command: Command,
        started: float,
        others: float,
        facts: Facts,
        folder: Path,
        trace: Path | None,
        before: dict[str, tuple[int, int]],
    ) -> Run:
        """Turn what was seen into a record, and keep the evidence of it."""
        events = reader.read(trace) if trace is not None else []
        bodies = reader.bodies(events)
        if trace is not None:
            if events:
                shutil.copy(trace / "events.jsonl", folder / "events.jsonl")
            shutil.rmtree(trace)
        files, size = sandboxes.written_since(self.sandbox, before)
        for path in folder.iterdir():
            self._redaction.file(path)
        announced = {event.pid for event in events if event.kind in ("loaded", "forked")}
        untraced = [*untraced_spawns(events)]
        untraced += [argv for pid, argv in facts.python.items() if pid not in announced]
        missing = [event.detail for event in events if event.kind == "missing"]
        base = folder.relative_to(self.evidence)
        return Run(
            role=role,
            command=Command(
                argv=self._redaction.value(command.argv),
                cwd=self._redaction.text(command.cwd),
                env=self._redaction.value(command.env),
                stdin=command.stdin,
                time_limit=command.time_limit,
                memory_limit=command.memory_limit,
            ),
            started=started,
            marks=_marks(facts, events, bodies),
            ended=Ended(exit_code=facts.exit_code, signal=facts.signal, stopped_by=facts.stopped_by),
            usage=Usage(
                user_s=facts.user_s,
                system_s=facts.system_s,
                cpu_method=facts.cpu_method,
                peak_bytes=facts.peak_bytes,
                peak_method=facts.peak_method,
                processes=len({*facts.pids, *announced}),
                files=files,
                bytes_written=size,
                supervisor_s=facts.supervisor_s,
            ),
            left_behind=tuple(
                LeftBehind(pid=left.pid, argv=self._redaction.value(left.argv))
                for left in facts.left_behind
            ),
            traced=trace is not None,
            untraced=tuple(self._redaction.value(tuple(argv)) for argv in untraced) if trace else (),
            trace=str(base / "events.jsonl") if events else None,
            stdout=str(base / "stdout.txt"),
            stderr=str(base / "stderr.txt"),
            result_digest=sandboxes.digest_results(self.sandbox),
            trace_broken=f"the source map does not fit: {missing[0]}" if missing else None,
            bodies=tuple(
                BodyRun(
                    stage=body.stage,
                    pid=body.pid,
                    thread=body.thread,
                    start=body.start_ns,
                    end=body.end_ns,
                    error=body.error,
                )
                for body in bodies
            ),
            delivered=_delivered(self.pipeline, bodies),
            received=_received(bodies),
            others_s=max(0.0, others - facts.user_s - facts.system_s - facts.supervisor_s),
            observed={"import_s": _import_seconds(folder / "stderr.txt")} if role == "imports" else {},
        )


def _marks(facts: Facts, events: list[Event], bodies: list[Body]) -> dict[str, int]:
    marks = dict(facts.marks)
    first: dict[str, list[int]] = {
        "interpreter": [event.ns for event in events if event.kind == "loaded"],
        "module": [event.ns for event in events if event.kind == "module"],
        "first_body": [body.start_ns for body in bodies],
    }
    marks |= {name: min(moments) for name, moments in first.items() if moments}
    ends = [body.end_ns for body in bodies if body.end_ns is not None]
    if ends:
        marks["last_body"] = max(ends)
    return marks


def _delivered(pipeline: Pipeline, bodies: list[Body]) -> dict[str, Digest]:
    """Return the digest of each output by ``stage.output``."""
    found: dict[str, list[reader.Digest]] = {}
    for body in bodies:
        stage = pipeline.stages[body.stage]
        for name, digest in body.outputs.items():
            known = stage.outputs[0].name if name == "return" and stage.outputs else name
            found.setdefault(f"{stage.name}.{known}", []).append(digest)
    return {name: _together(digests) for name, digests in found.items()}


def _received(bodies: list[Body]) -> dict[str, Digest]:
    """Return the digest of each input by ``stage.argument``."""
    found: dict[str, list[reader.Digest]] = {}
    for body in bodies:
        for name, digest in body.inputs.items():
            found.setdefault(f"{body.stage}.{name}", []).append(digest)
    return {name: _together(digests) for name, digests in found.items()}


def _together(digests: list[reader.Digest]) -> Digest:
    """Return one digest for all calls of a stage: calls of a mapped one may run in any order."""
    if len(digests) == 1:
        one = digests[0]
        parts = {name: (part.strict, part.value) for name, part in one.parts.items()}
        return Digest(kind=one.kind, strict=one.strict, value=one.value, parts=parts)
    strict, value = (
        hashlib.sha256("".join(sorted(getattr(digest, by) for digest in digests)).encode()).hexdigest()
        for by in ("strict", "value")
    )
    return Digest(kind="calls", strict=strict, value=value)


def _import_seconds(stderr: Path) -> float:
    """Return the sum of what ``-X importtime`` says each module took by itself, in all processes."""
    text = stderr.read_text(errors="replace")
    return sum(int(micro) for micro in IMPORT_LINE.findall(text)) / 1e6


def _await_hold(running: Supervised, hold: Hold, act: Callable[[Supervised], None]) -> None:
    """Wait until a body is held or the run is over; act on the first, then let the body go on."""
    reached = os.open(hold.reached, os.O_RDONLY | os.O_NONBLOCK)
    try:
        readable, _, _ = select.select([reached, running.fileno()], [], [])
        if reached not in readable:
            raise CellFault("hold", f"stage '{hold.stage}' never reached its {hold.point}")
        act(running)
        try:
            release = os.open(hold.release, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            # Nobody waits any more: the act has ended the process.
            return
        os.close(release)
    finally:
        os.close(reached)
