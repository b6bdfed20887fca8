"""Drives one cell, with five verbs: render, run, change, hold, collect.

A scenario says which; the cell acts, always in the same way for every tool, and brings back facts.
"""

import os
import select
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench import catalogue, machine
from bench import sandbox as sandboxes
from bench.adapters import Adapter, Sandbox, SourceMap
from bench.observation import Seen, record
from bench.pipeline import Pipeline
from bench.records import Cell, Command, Role, Run
from bench.redaction import Redaction
from bench.supervisor import Facts, Supervised
from bench.tracing import reader
from bench.tracing.prepare import Hold, changed_hook, prepare
from bench.tracing.reader import Event

__all__ = ["CellFault", "Driver", "Point"]

UNTRACED_ROLES: tuple[Role, ...] = ("bare",)
LEAST_FREE = 32_000_000
"""Bytes under which a disk counts as full."""


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
        self.redaction = Redaction(
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
        command = self._command()
        folder = self.evidence / f"{len(self.runs)}-{role}"
        folder.mkdir(parents=True)
        sandboxes.empty_results(self.sandbox)
        trace = self.sandbox.root / f"trace-{len(self.runs)}"
        extra, hold = dict(command.env), None
        traced = self.traced and role not in UNTRACED_ROLES
        if traced:
            if point is not None:
                hold = Hold(point.stage, point.at, trace / "reached", trace / "release")
            extra |= self._tracing(trace, hold, extra, digests=role == "verifying")
        if role == "imports":
            extra["PYTHONPROFILEIMPORTTIME"] = "1"
        target = self.cell.target
        environment = sandboxes.build_environment(
            self.sandbox, self.adapter.manifest, target.setup, target.options, extra
        )
        before = sandboxes.snapshot(self.sandbox)
        started, busy = time.time(), machine.busy_seconds()
        facts = self._supervised(command, environment, folder, hold, act)
        busy = machine.busy_seconds() - busy
        self._check_machine(facts)
        # The trace is taken away first: it is not the tool that wrote it.
        events = self._events(trace, folder) if traced else None
        files, size = sandboxes.written_since(self.sandbox, before)
        for path in folder.iterdir():
            self.redaction.file(path)
        results = sandboxes.digest_results(self.sandbox)
        seen = Seen(role, command, started, busy, facts, events, files, size, results)
        run = record(seen, self.pipeline, folder, self.redaction)
        self.runs.append(run)
        return run

    def _command(self) -> Command:
        if self.source_map is None:
            raise CellFault("scenario", "run before render")
        values = catalogue.parameters(self.pipeline, self.sandbox.data, self.sandbox.results)
        options = frozenset(self.cell.target.options)
        try:
            return self.adapter.run(self.pipeline, self.sandbox, values, options)
        except Exception as error:
            where = f"adapter '{self.adapter.manifest.name}'"
            raise CellFault(where, f"run() failed: {type(error).__name__}: {error}") from error

    def _tracing(
        self, trace: Path, hold: Hold | None, extra: Mapping[str, str], *, digests: bool
    ) -> dict[str, str]:
        """Return the variables that turn tracing on, before a PYTHONPATH of the command's own."""
        if self.source_map is None:
            raise CellFault("scenario", "run before render")
        wrong = changed_hook()
        if wrong is not None:
            raise CellFault("machine", f"the tracer's own folder was written to: {wrong}; restore it")
        traced_files = self.adapter.manifest.traced_files
        variables = prepare(
            trace, self.sandbox.project, self.source_map, traced_files, digests=digests, hold=hold
        )
        if "PYTHONPATH" in extra:
            variables["PYTHONPATH"] += os.pathsep + extra["PYTHONPATH"]
        return variables

    def _supervised(
        self,
        command: Command,
        environment: dict[str, str],
        folder: Path,
        hold: Hold | None,
        act: Callable[[Supervised], None] | None,
    ) -> Facts:
        self.current = Supervised(command, environment, folder / "stdout.txt", folder / "stderr.txt")
        try:
            # Checked only now: stop() may have come from another thread just before.
            if self.stopped:
                raise CellFault("harness", "it was interrupted")
            if hold is not None and act is not None:
                _await_hold(self.current, hold, act)
            facts = self.current.facts()
        finally:
            self.current.stop()
            self.current = None
        if facts.start_error is not None:
            # A project that the tool itself has deleted cannot be run in: that is its own doing.
            where = (
                f"adapter '{self.adapter.manifest.name}'" if self.sandbox.project.is_dir() else "sandbox"
            )
            raise CellFault(where, f"the command could not be started: {facts.start_error}")
        if facts.gone or self.stopped:
            raise CellFault("harness", "it was interrupted")
        return facts

    def _check_machine(self, facts: Facts) -> None:
        """Raise CellFault where a run ended badly on a full disk: that is not the tool's doing."""
        if facts.exit_code == 0:
            return
        for folder in (self.sandbox.root, self.evidence):
            free = shutil.disk_usage(folder).free
            if free < LEAST_FREE:
                raise CellFault("machine", f"only {free / 1e6:.0f} MB are free under {folder}")

    def _events(self, trace: Path, folder: Path) -> list[Event]:
        """Return what the run's processes wrote down, and keep it as evidence."""
        events = reader.read(trace)
        if events:
            shutil.copy(trace / "events.jsonl", folder / "events.jsonl")
        shutil.rmtree(trace)
        return events


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
