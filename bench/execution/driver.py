"""Drives one trial, with its verbs: render, run, change, hold, probe.

A scenario says which; the trial acts, always in the same way for every tool, and brings back facts.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from bench.contract.adapter import Adapter, Before, Sandbox, SourceMap, Store
from bench.contract.adapter_manifest import CAPABILITIES, Capability
from bench.contract.driver import Definition, Point, Purpose, Question, SourceEdit
from bench.contract.native_edit import CHANGES, Change
from bench.contract.pipeline import Pipeline, Value
from bench.contract.records import Command, Declared, Role, Run, Trial
from bench.contract.run_options import PLAIN, RunOptions
from bench.contract.trial_exits import TrialFault, TrialSkipped
from bench.environments import environment, pipeline_catalog
from bench.execution import browser, evidence_files, faulty_disk, probe
from bench.execution import sandbox as sandboxes
from bench.execution.breakpoints import GATES, await_gates, await_hold, make_gates
from bench.execution.project import Project
from bench.execution.run_record import Seen, record
from bench.execution.services import object_store
from bench.execution.services.persistent_server import PersistentServer, ServerError
from bench.execution.services.start import start, start_viewer
from bench.execution.supervisor import Facts, Supervised
from bench.execution.tracing import reader
from bench.execution.tracing.prepare import Hold, changed_hook, prepare
from bench.execution.tracing.reader import Event
from bench.store import machine, untrusted
from bench.store.redaction import Redaction

__all__ = ["TrialDriver"]

UNTRACED_ROLES: tuple[Role, ...] = ("untraced", "probe")
LEAST_FREE = 32_000_000
"""Bytes under which a disk counts as full."""


class TrialDriver:
    """One attempt of one trial, in one sandbox.

    parameters: the case's, laid over the pipeline's defaults. traced: False when it is tried again without.
    """

    def __init__(
        self,
        trial: Trial,
        adapter: Adapter,
        definition: Definition,
        sandbox: Sandbox,
        evidence: Path,
        *,
        parameters: Mapping[str, Value] | None = None,
        traced: bool = True,
        server: PersistentServer | None = None,
    ) -> None:
        self.trial = trial
        self.adapter = adapter
        self.definition = definition
        self.project = Project(adapter, definition.pipeline, frozenset(trial.target.options))
        self.sandbox = sandbox
        self.evidence = evidence
        self.parameters = parameters or {}
        self.traced = traced
        self.runs: list[Run] = []
        self.facts: dict[str, Any] = {}
        """What a scenario observed beside its runs; stored with the attempt."""
        self.server = server
        self._stopped = threading.Event()
        self._own_servers: list[PersistentServer] = []
        self._own_store: object_store.Seaweed | None = None
        self._disk: faulty_disk.SmallDisk | None = None
        self._active: set[Supervised] = set()
        self._started = 0
        self._before: tuple[Pipeline, dict[str, Value]] = (self.pipeline, {})
        self.memory_limit = machine.run_memory()
        self.redaction = Redaction(
            {
                str(sandbox.root): "<sandbox>",
                str(sandbox.python.parent.parent): "<environment>",
            }
        )

    def render(self) -> None:
        """Write the native project. Raises TrialFault where its source map names no file of it."""
        self.project.render(self.sandbox.project)

    @property
    def pipeline(self) -> Pipeline:
        """Return the pipeline that the project is made of now."""
        return self.project.pipeline

    @property
    def source_map(self) -> SourceMap | None:
        """Return where the stages stand in the project; None until it is rendered."""
        return self.project.source_map

    @property
    def lacking(self) -> dict[str, Capability]:
        """Return what the tool lacks in this setup, as its manifest says, by the capability's name."""
        return self.adapter.manifest.lacking(self.trial.target.setup)

    def require(self, *capabilities: str) -> None:
        """End the trial as unsupported where the tool's manifest says that it lacks one of these."""
        for name in capabilities:
            if name not in CAPABILITIES:
                raise TrialFault("scenario", f"asks for '{name}', which is no capability")
            lacks = self.lacking.get(name)
            if lacks is not None:
                declared = Declared(
                    outcome="unsupported", scope=lacks.scope, reason=lacks.reason, source=lacks.source
                )
                raise TrialSkipped(declared)

    def edit(self, edits: Sequence[SourceEdit]) -> None:
        """Edit the pipeline's own source and make the project anew from it, as :meth:`change` does."""
        self.facts.setdefault("edits", []).extend(asdict(edit) for edit in edits)
        self.change(pipeline_catalog.edited(self.definition, edits).pipeline)

    def change(self, pipeline: Pipeline) -> None:
        """Make the project that of ``pipeline``, touching only files whose bytes differ.

        All others keep their inode and modification time.
        """
        self.project.change(pipeline, self.sandbox.project, self.sandbox.root / "changed")

    def edit_project(self, name: str, folder: str = CHANGES) -> Change:
        """Edit the rendered project as the adapter's file of that name says; all runs after it are of that.

        Its size is kept as the fact ``size``. Ends the trial where the adapter declares that there is none, or
        says nothing. Raises AdapterError.
        """
        change = self.project.planned_edit(name, folder, self.sandbox.project, self.trial.target.setup)
        before = self._command(PLAIN, self.sandbox).argv
        size = self.project.edit(name, folder, self.sandbox.project, before)
        self.facts["size"] = msgspec.structs.asdict(size)
        return change

    def second_project(self) -> Sandbox:
        """Return the sandbox with a second project: a copy of what was rendered, and of nothing else."""
        second = self.sandbox.root / "second"
        self.project.copy(self.sandbox.project, second)
        return replace(self.sandbox, project=second)

    def other_python(self) -> Sandbox:
        """Return the sandbox with an environment of another Python minor version, of the same lock.

        Ends the trial as not attempted where there is no such Python.
        """
        found = environment.elsewhere(self.adapter.folder, self.adapter.manifest)
        if found is None:
            reason = "no other Python minor version that the tool supports is installed"
            raise TrialSkipped(Declared(outcome="not attempted", reason=reason))
        self.facts["python"] = found.interpreter
        return replace(self.sandbox, python=found.python)

    def earlier_version(self) -> Sandbox:
        """Return the sandbox with an environment of the tool's minor version before the measured one.

        Ends the trial as not attempted where the adapter names none.
        """
        found = environment.earlier(self.adapter.folder, self.adapter.manifest)
        if found is None:
            reason = (
                "its adapter names no version of the minor release before that can be installed beside it"
            )
            raise TrialSkipped(Declared(outcome="not attempted", reason=reason))
        self.facts["earlier"] = found.version
        return replace(self.sandbox, python=found.python)

    def command(self, run_options: RunOptions = PLAIN) -> Command:
        """Return the command that a run would be started by."""
        before = self._before
        try:
            return self._command(run_options, run_options.sandbox or self.sandbox)
        finally:
            # It is not run, so no run goes on from it.
            self._before = before

    def logs(self, run: Run) -> tuple[Path, Path]:
        """Return where the standard output and error of a run are kept."""
        return self.evidence / run.stdout, self.evidence / run.stderr

    def run(self, role: Role, run_options: RunOptions = PLAIN) -> Run:
        """Run the project by the tool's own command; returns the facts."""
        return self._run(role, run_options, None, None)

    def run_by(self, command: Command) -> Run:
        """Run the project by another command than the tool's own, traced and judged as any run."""
        sandboxes.empty_results(self.sandbox)
        return self._execute("fresh", command, PLAIN, None, None)

    def run_many(self, parameters: Sequence[Mapping[str, Value]]) -> Run | None:
        """Make a run for each set of parameters, by one command; None where the tool has none for that."""
        box, options = self.sandbox, frozenset(self.trial.target.options)
        values = [self._values(RunOptions(parameters=one), box) for one in parameters]
        command = self.adapter.run_many(self.pipeline, box, values, options)
        return None if command is None else self.run_by(command)

    def hold(
        self, role: Role, point: Point, act: Callable[[Supervised], None], run_options: RunOptions = PLAIN
    ) -> Run:
        """Run, and call ``act`` while the first body that reaches ``point`` waits there."""
        return self._run(role, run_options, point, act)

    def halt(
        self, role: Role, steps: Sequence[int], act: Callable[[int], None], run_options: RunOptions = PLAIN
    ) -> Run:
        """Run, and call ``act`` with each step at which a body's own code waits (see :mod:`.breakpoints`)."""
        gates = self.sandbox.root / f"gates-{self._started}"
        make_gates(gates, steps)
        run_options = replace(run_options, environment={**run_options.environment, GATES: str(gates)})
        return self._run(role, run_options, None, lambda running: await_gates(running, gates, steps, act))

    def probe(self, questions: Sequence[Question], run_options: RunOptions = PLAIN) -> dict[str, Any]:
        """Ask the adapter's ``probe.py``, in a new process with a home and a folder of its own.

        Returns by id what the tool answers: ``value`` (None: nothing), ``route`` (None: it has no way to ask),
        ``seconds`` without import and start-up, ``at`` in monotonic nanoseconds, ``error`` in one line,
        ``tokens`` of the code it takes.
        """
        file = self.adapter.folder / "probe.py"
        if not file.is_file():
            return probe.answers(questions, [])
        fresh = self.sandbox.root / f"probe-{self._started}"
        (fresh / "home").mkdir(parents=True)
        command = probe.command(
            file, run_options.sandbox or self.sandbox, fresh, self.pipeline.name, questions
        )
        run = self._execute("probe", command, run_options, None, None)
        return probe.told(self.evidence / run.stdout, run.ended.exit_code, questions)

    def browse(self, address: str, click: str) -> str:
        """Return what a page shows in Chromium, as its document; kept as evidence, with a picture of it.

        As it opens, and as it is after one click on what reads ``click``, where there is such.
        Ends the trial as not attempted where there is no Chromium. Raises TrialFault where the look was cut off.
        """
        folder = self.evidence / f"{self._started}-page"
        self._started += 1
        folder.mkdir(parents=True)
        command = browser.command(address, click, folder, self.sandbox.root / "browser")
        facts = self._supervised(command, command.env, folder)
        return browser.shown(address, facts.exit_code, folder, self.redaction)

    def aside(self, command: Command, run_options: RunOptions = PLAIN) -> Run:
        """Run another command than the tool's own in its sandbox, without the tracer."""
        return self._execute("probe", command, run_options, None, None)

    def small_disk(self, size: int) -> faulty_disk.SmallDisk:
        """Put all folders that the tool writes to, but not the results, on a file system of ``size`` bytes.

        Before anything is rendered. Ends the trial as not attempted where none can be mounted.
        """
        try:
            self._disk, self.sandbox = faulty_disk.under(self.sandbox, size)
        except OSError as error:
            raise TrialSkipped(
                Declared(outcome="not attempted", reason=faulty_disk.refused(error))
            ) from error
        self.facts["by_harness"] = "its folders lay on a small file system of their own"
        return self._disk

    def start_server(self, folder: Path, sandbox: Sandbox | None = None) -> None:
        """Start the server of the target's setup for this trial alone, its data in ``folder``.

        sandbox: another one than the trial's. Raises TrialFault where it does not come up.
        """
        target = self.trial.target
        self.server = self._await_own(
            start(self.adapter, target.setup, target.options, sandbox or self.sandbox, folder)
        )

    def start_viewer(self, sandbox: Sandbox) -> None:
        """Start what shows pages of the runs of this trial, where a user starts one to look at them.

        Raises TrialFault where it does not come up.
        """
        target, folder = self.trial.target, self.sandbox.root / "viewer"
        viewer = start_viewer(self.adapter, target.setup, target.options, sandbox, folder)
        self.server = self._await_own(viewer) or self.server

    def _await_own(self, server: PersistentServer | None) -> PersistentServer | None:
        if server is not None:
            self._own_servers.append(server)
            try:
                if not self.stopped:
                    server.wait()
            except ServerError as error:
                raise TrialFault("server", str(error)) from error
        return server

    def start_store(self, weed: Path) -> Store:
        """Start an S3-compatible store for this trial alone. ``weed``: SeaweedFS's program.

        Raises TrialFault where it does not come up.
        """
        environment = {"PATH": os.defpath, "HOME": str(self.sandbox.home), "TMPDIR": str(self.sandbox.tmp)}
        try:
            self._own_store, found = object_store.start(weed, self.sandbox.root / "store", environment)
            self._own_servers.append(self._own_store)
        except ServerError as error:
            raise TrialFault("store", str(error)) from error
        return found

    def stored(self) -> dict[str, bytes]:
        """Return what was put into this trial's store, by its path there; nothing where it has none.

        Raises TrialFault where the store does not give it back.
        """
        try:
            return {} if self._own_store is None else self._own_store.files()
        except ServerError as error:
            raise TrialFault("store", str(error)) from error

    def besides(self, purpose: Purpose) -> Sandbox:
        """Return the sandbox with what the tool needs besides for a purpose, where it needs anything."""
        found = environment.besides(self.adapter.folder, self.adapter.manifest, purpose)
        return self.sandbox if found is None else replace(self.sandbox, python=found.python)

    def stop_server(self) -> None:
        """End the servers that were started for this trial."""
        while self._own_servers:
            self._own_servers.pop().stop()
        self._own_store = None

    @property
    def has_server(self) -> bool:
        """Whether a server stands beside the runs."""
        return self.server is not None

    def redact(self, text: str) -> str:
        """Return a text without what is private."""
        return self.redaction.text(text)

    def close(self) -> None:
        """End the servers of this trial, and take its file system away."""
        self.stop_server()
        if self._disk is not None:
            self._disk.unmount()
            self._disk = None

    @property
    def stopped(self) -> bool:
        """Whether the trial has been told to end."""
        return self._stopped.is_set()

    def pause(self, seconds: float) -> None:
        """Let time go by, but not once the trial has been told to end; less than 0 is none."""
        self._stopped.wait(max(0.0, seconds))

    def stop(self) -> None:
        """End what runs now, from any thread, and start nothing more."""
        self._stopped.set()
        for running in tuple(self._active):
            running.end()
        for server in tuple(self._own_servers):
            server.stop()

    def _run(
        self,
        role: Role,
        run_options: RunOptions,
        point: Point | None,
        act: Callable[[Supervised], None] | None,
    ) -> Run:
        box = run_options.sandbox or self.sandbox
        if run_options.beside:
            box = replace(box, results=box.root / "results-beside")
        run_options = replace(run_options, sandbox=box)
        command = self._command(run_options, box)
        sandboxes.empty_results(box)
        return self._execute(role, command, run_options, point, act)

    def _execute(
        self,
        role: Role,
        command: Command,
        run_options: RunOptions,
        point: Point | None,
        act: Callable[[Supervised], None] | None,
    ) -> Run:
        box, number = run_options.sandbox or self.sandbox, self._started
        self._started += 1
        folder = self.evidence / f"{number}-{role}"
        folder.mkdir(parents=True)
        trace = self.sandbox.root / f"trace-{number}"
        command = msgspec.structs.replace(
            command,
            env={**command.env, **run_options.environment},
            memory_limit=command.memory_limit or self.memory_limit,
        )
        extra, during = dict(command.env), act if point is None else None
        if self.server is not None:
            extra |= self.server.client
        traced = self.traced and role not in UNTRACED_ROLES
        if traced:
            hold = None
            if point is not None and act is not None:
                hold = Hold(point.stage, point.at, trace / "reached", trace / "release")
                during = partial(await_hold, hold=hold, act=act)
            extra |= self._tracing(
                trace, hold, extra, box, digests=run_options.digests or role == "verifying"
            )
        if role == "imports":
            extra["PYTHONPROFILEIMPORTTIME"] = "1"
        target = self.trial.target
        environment = sandboxes.build_environment(
            box, self.adapter.manifest, target.setup, target.options, extra
        )
        project = None
        if role != "probe":
            project = self.project.keep(box, self.evidence, f"project-{self._started}", self.redaction.file)
        before = sandboxes.snapshot(self.sandbox)
        # First, and at the end last: to ask is work of the harness, which is not the rest of the machine.
        served = self._served()
        started, busy = time.time(), machine.busy_seconds()
        facts = self._supervised(command, environment, folder, during)
        busy = machine.busy_seconds() - busy
        served = self._served() - served
        self._check_machine(facts)
        # The trace is taken away first: it is not the tool that wrote it.
        events = self._events(trace, folder) if traced else None
        files, size = sandboxes.written_since(self.sandbox, before)
        odd = evidence_files.set_right(folder, self.redaction)
        results: dict[str, str] = {}
        if role != "probe":
            results, found = sandboxes.digest_results(box)
            odd += found
        held = None if point is None else f"{point.stage} at its {point.at}"
        if GATES in run_options.environment:
            held = "at gates of its own"
        # One that was ended meanwhile tells no more what it had used.
        server_s = None if self.server is None else max(0.0, served)
        seen = Seen(
            role, command, started, busy, facts, events, files, size, results, odd, project, held, server_s
        )
        run = record(seen, self.pipeline, folder, self.redaction)
        self.runs.append(run)
        return run

    def _served(self) -> float:
        return 0.0 if self.server is None else self.server.cpu_seconds()

    def _command(self, run_options: RunOptions, box: Sandbox) -> Command:
        if self.source_map is None:
            raise TrialFault("scenario", "run before render")
        values = self._values(run_options, box)
        options = frozenset(self.trial.target.options)
        before, self._before = Before(*self._before, run_options.rerun), (self.pipeline, values)
        try:
            if run_options.resumes:
                command = self.adapter.resume(self.pipeline, box, values, options, before)
            else:
                command = self.adapter.run(self.pipeline, box, values, options)
            if self.project.edited is not None and not run_options.untyped:
                command = self.project.edited.typed(command, box)
            return run_options.typed_as(command)
        except Exception as error:
            where = f"adapter '{self.adapter.manifest.name}'"
            raise TrialFault(where, f"run() failed: {type(error).__name__}: {error}") from error

    def _values(self, run_options: RunOptions, box: Sandbox) -> dict[str, Value]:
        values = pipeline_catalog.parameters(self.pipeline, box.data, box.results)
        return {**values, **self.parameters, **run_options.parameters}

    def _tracing(
        self, trace: Path, hold: Hold | None, extra: Mapping[str, str], box: Sandbox, *, digests: bool
    ) -> dict[str, str]:
        """Return the variables that turn tracing on, before a PYTHONPATH of the command's own."""
        if self.source_map is None:
            raise TrialFault("scenario", "run before render")
        wrong = changed_hook()
        if wrong is not None:
            raise TrialFault("machine", f"the tracer's own folder was written to: {wrong}; restore it")
        traced_files = self.adapter.manifest.traced_files
        variables = prepare(trace, box.project, self.source_map, traced_files, digests=digests, hold=hold)
        if "PYTHONPATH" in extra:
            variables["PYTHONPATH"] += os.pathsep + extra["PYTHONPATH"]
        return variables

    def _supervised(
        self,
        command: Command,
        environment: dict[str, str],
        folder: Path,
        during: Callable[[Supervised], None] | None = None,
    ) -> Facts:
        running = Supervised(command, environment, folder / "stdout.txt", folder / "stderr.txt")
        self._active.add(running)
        try:
            # Checked only now: stop() may have come from another thread just before.
            if self.stopped:
                raise TrialFault("harness", "it was interrupted")
            if during is not None:
                during(running)
            facts = running.facts()
        finally:
            running.stop()
            self._active.discard(running)
        if facts.start_error is not None:
            # A project that the tool itself has deleted cannot be run in: that is its own doing.
            where = (
                f"adapter '{self.adapter.manifest.name}'" if self.sandbox.project.is_dir() else "sandbox"
            )
            raise TrialFault(where, f"the command could not be started: {facts.start_error}")
        if facts.gone or self.stopped:
            raise TrialFault("harness", "it was interrupted")
        return facts

    def _check_machine(self, facts: Facts) -> None:
        """Raise TrialFault where a run ended badly and the machine may be why: no room, no loopback."""
        if facts.exit_code == 0:
            return
        for folder in (self.sandbox.root, self.evidence):
            free = shutil.disk_usage(folder).free
            if free < LEAST_FREE:
                raise TrialFault("machine", f"only {free / 1e6:.0f} MB are free under {folder}")
        lost = machine.no_loopback()
        if lost is not None:
            raise TrialFault(
                "machine", f"nobody can be reached at 127.0.0.1 ({lost}); bring the interface lo up"
            )

    def _events(self, trace: Path, folder: Path) -> list[Event]:
        """Return what the run's processes wrote down, and keep it as evidence."""
        events = reader.read(trace)
        if events:
            shutil.copyfile(trace / "events.jsonl", folder / "events.jsonl", follow_symlinks=False)
        untrusted.remove(trace)
        return events
