"""Executes the commands of one trial under a supervisor, traced on request, and returns their records."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import msgspec

from bench.contract.adapter import Adapter, Sandbox
from bench.contract.driver import Point
from bench.contract.records import Command, Role, Run, Trial
from bench.contract.run_options import RunOptions
from bench.contract.trial_exits import TrialFault
from bench.execution import run_logs
from bench.execution import sandbox as sandboxes
from bench.execution.breakpoints import GATES, await_hold
from bench.execution.project import Project
from bench.execution.result_parts import result_parts
from bench.execution.run_record import Seen, record
from bench.execution.supervisor import Facts, Supervised
from bench.execution.tracing import reader
from bench.execution.tracing.prepare import Hold, changed_hook, prepare
from bench.execution.tracing.reader import Event
from bench.execution.trial_servers import TrialServers
from bench.host import machine, untrusted_files
from bench.host.redaction import Redaction

__all__ = ["Executor"]

Act = Callable[[Supervised], None]
"""An action while a command runs."""
UNTRACED_ROLES: tuple[Role, ...] = ("untraced", "probe")
LEAST_FREE = 32_000_000
"""A disk with less free bytes counts as full."""


@dataclass
class Executor:
    """Starts commands, one after the other.

    traced: False if the trial is tried again without the tracer. stopped: is set when the trial must end.
    started: number of commands so far. memory_limit: in bytes, for a command without its own limit.
    """

    trial: Trial
    adapter: Adapter
    project: Project
    sandbox: Sandbox
    evidence: Path
    servers: TrialServers
    redaction: Redaction
    traced: bool
    stopped: threading.Event
    started: int = 0
    memory_limit: int = field(default_factory=machine.run_memory)
    _active: set[Supervised] = field(default_factory=set)

    def new_folder(self, name: str) -> Path:
        """Make the folder of the next command in the evidence."""
        folder = self.evidence / f"{self.started}-{name}"
        self.started += 1
        folder.mkdir(parents=True)
        return folder

    def execute(
        self, role: Role, command: Command, run_options: RunOptions, point: Point | None, act: Act | None
    ) -> Run:
        """Run a command and return its record.

        point: the first body that reaches it waits there while ``act`` is called; None: ``act`` is called at once.
        """
        box = run_options.sandbox or self.sandbox
        trace = self.sandbox.root / f"trace-{self.started}"
        folder = self.new_folder(role)
        command = msgspec.structs.replace(
            command,
            env={**command.env, **run_options.environment},
            memory_limit=command.memory_limit or self.memory_limit,
        )
        traced = self.traced and role not in UNTRACED_ROLES
        hold, during = None, act if point is None else None
        if traced and point is not None and act is not None:
            hold = Hold(point.stage, point.at, trace / "reached", trace / "release")
            during = partial(await_hold, hold=hold, act=act)
        extra = dict(command.env) | ({} if self.servers.current is None else self.servers.current.client)
        if traced:
            digests = run_options.digests or role == "verifying"
            extra |= self._tracing(trace, hold, extra, box, digests=digests)
        if role == "imports":
            extra["PYTHONPROFILEIMPORTTIME"] = "1"
        held = None if point is None else f"{point.stage} at its {point.at}"
        if GATES in run_options.environment:
            held = "at gates of its own"
        seen = self._seen(
            role, command, self._environment(box, extra), folder, during, trace if traced else None, box
        )
        return record(
            replace(seen, held=held, repeat=run_options.repeat),
            self.project.pipeline,
            folder,
            self.redaction,
        )

    def supervised(
        self, command: Command, environment: dict[str, str], folder: Path, during: Act | None = None
    ) -> Facts:
        """Run a command, with its output in ``folder``. Raises TrialFault if the result says nothing about the tool."""
        running = Supervised(command, environment, folder / "stdout.txt", folder / "stderr.txt")
        self._active.add(running)
        try:
            # Checked only now: stop() may have come from another thread just before.
            if self.stopped.is_set():
                raise TrialFault("harness", "it was interrupted")
            if during is not None:
                during(running)
            facts = running.facts()
        finally:
            running.stop()
            self._active.discard(running)
        if facts.start_error is not None:
            # The project may be missing because the tool itself has deleted it; then the tool is at fault.
            where = (
                f"adapter '{self.adapter.manifest.name}'" if self.sandbox.project.is_dir() else "sandbox"
            )
            raise TrialFault(where, f"the command could not be started: {facts.start_error}")
        if facts.gone or self.stopped.is_set():
            raise TrialFault("harness", "it was interrupted")
        return facts

    def interrupt(self) -> None:
        """End what runs now, from another thread."""
        for running in tuple(self._active):
            running.end()

    def _environment(self, box: Sandbox, extra: Mapping[str, str]) -> dict[str, str]:
        target = self.trial.target
        return sandboxes.build_environment(box, self.adapter.manifest, target.setup, target.options, extra)

    def _seen(
        self,
        role: Role,
        command: Command,
        environment: dict[str, str],
        folder: Path,
        during: Act | None,
        trace: Path | None,
        box: Sandbox,
    ) -> Seen:
        """Run the command, and collect what it used and left."""
        project = None
        if role != "probe":
            project = self.project.keep(box, self.evidence, f"project-{self.started}", self.redaction.file)
        before = sandboxes.snapshot(self.sandbox)
        # Ask first here and last at the end: asking is work of the harness, not of the rest of the machine.
        served = self.servers.cpu_seconds()
        started, busy = time.time(), machine.busy_seconds()
        facts = self.supervised(command, environment, folder, during)
        busy = machine.busy_seconds() - busy
        served = self.servers.cpu_seconds() - served
        self._check_machine(facts)
        # Remove the trace first, because the tool did not write it.
        events = None if trace is None else _events(trace, folder)
        files, size = sandboxes.written_since(self.sandbox, before)
        odd = run_logs.set_right(folder, self.redaction)
        results: dict[str, str] = {}
        parts: dict[str, dict[str, str]] = {}
        if role != "probe":
            results, found = sandboxes.digest_results(box)
            parts = result_parts(box.results, results)
            odd += found
        # A server that has ended meanwhile can no longer report its usage.
        server_s = None if self.servers.current is None else max(0.0, served)
        return Seen(
            role,
            command,
            started,
            busy,
            facts,
            events,
            files,
            size,
            results,
            parts,
            odd,
            project,
            server_s=server_s,
        )

    def _tracing(
        self, trace: Path, hold: Hold | None, extra: Mapping[str, str], box: Sandbox, *, digests: bool
    ) -> dict[str, str]:
        """Return the variables that turn tracing on; the tracer comes first in the command's PYTHONPATH."""
        if self.project.source_map is None:
            raise TrialFault("scenario", "run before render")
        wrong = changed_hook()
        if wrong is not None:
            raise TrialFault("machine", f"the tracer's own folder was written to: {wrong}; restore it")
        traced_files = self.adapter.manifest.traced_files
        source_map = self.project.source_map
        # What the pipeline's own code does to its inputs is asked of the control, once for all tools.
        changes = digests and self.adapter.manifest.role == "control"
        variables = prepare(
            trace, box.project, source_map, traced_files, digests=digests, changes=changes, hold=hold
        )
        if "PYTHONPATH" in extra:
            variables["PYTHONPATH"] += os.pathsep + extra["PYTHONPATH"]
        return variables

    def _check_machine(self, facts: Facts) -> None:
        """Raise TrialFault if a run failed and the machine may be the reason: a full disk, no loopback."""
        if facts.exit_code == 0:
            return
        for folder in (self.sandbox.root, self.evidence):
            free = shutil.disk_usage(folder).free
            if free < LEAST_FREE:
                raise TrialFault("machine", f"only {free / 1e6:.0f} MB are free under {folder}")
        lost = machine.no_loopback()
        if lost is not None:
            raise TrialFault("machine", f"127.0.0.1 cannot be reached ({lost}); bring the interface lo up")


def _events(trace: Path, folder: Path) -> list[Event]:
    """Return the trace that the run's processes wrote, and keep it as evidence."""
    events = reader.read(trace)
    if events:
        shutil.copyfile(trace / "events.jsonl", folder / "events.jsonl", follow_symlinks=False)
    untrusted_files.remove(trace)
    return events
