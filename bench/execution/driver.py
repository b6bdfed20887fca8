"""Drives one trial, with its verbs: render, run, change, hold, probe.

A scenario says which; the trial acts, always in the same way for every tool, and brings back facts.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
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
from bench.execution import browser, faulty_disk, probe
from bench.execution import sandbox as sandboxes
from bench.execution.breakpoints import GATES, await_gates, make_gates
from bench.execution.executor import Executor
from bench.execution.project import Project
from bench.execution.services.persistent_server import PersistentServer
from bench.execution.supervisor import Supervised
from bench.execution.trial_servers import TrialServers
from bench.store.redaction import Redaction

__all__ = ["TrialDriver"]


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
        self.runs: list[Run] = []
        self.facts: dict[str, Any] = {}
        """What a scenario observed beside its runs; stored with the attempt."""
        self._stopped = threading.Event()
        self._disk: faulty_disk.SmallDisk | None = None
        self._before: tuple[Pipeline, dict[str, Value]] = (self.pipeline, {})
        places = {str(sandbox.root): "<sandbox>", str(sandbox.python.parent.parent): "<environment>"}
        self.redaction = Redaction(places)
        self.servers = TrialServers(adapter, trial.target, server, self._stopped)
        self.executor = Executor(
            trial,
            adapter,
            self.project,
            sandbox,
            evidence,
            self.servers,
            self.redaction,
            traced,
            self._stopped,
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
        return self._run(role, run_options)

    def run_by(self, command: Command) -> Run:
        """Run the project by another command than the tool's own, traced and judged as any run."""
        sandboxes.empty_results(self.sandbox)
        return self._executed("fresh", command, PLAIN)

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
        gates = self.sandbox.root / f"gates-{self.executor.started}"
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
        fresh = self.sandbox.root / f"probe-{self.executor.started}"
        (fresh / "home").mkdir(parents=True)
        command = probe.command(
            file, run_options.sandbox or self.sandbox, fresh, self.pipeline.name, questions
        )
        run = self._executed("probe", command, run_options)
        return probe.told(self.evidence / run.stdout, run.ended.exit_code, questions)

    def browse(self, address: str, click: str) -> str:
        """Return what a page shows in Chromium, as its document; kept as evidence, with a picture of it.

        As it opens, and as it is after one click on what reads ``click``, where there is such.
        Ends the trial as not attempted where there is no Chromium. Raises TrialFault where the look was cut off.
        """
        folder = self.executor.new_folder("page")
        command = browser.command(address, click, folder, self.sandbox.root / "browser")
        facts = self.executor.supervised(command, command.env, folder)
        return browser.shown(address, facts.exit_code, folder, self.redaction)

    def aside(self, command: Command, run_options: RunOptions = PLAIN) -> Run:
        """Run another command than the tool's own in its sandbox, without the tracer."""
        return self._executed("probe", command, run_options)

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
        self.executor.sandbox = self.sandbox
        self.facts["by_harness"] = "its folders lay on a small file system of their own"
        return self._disk

    def start_server(self, folder: Path, sandbox: Sandbox | None = None) -> None:
        """Start the server of the target's setup for this trial alone, its data in ``folder``.

        sandbox: another one than the trial's. Raises TrialFault where it does not come up.
        """
        self.servers.start_server(folder, sandbox or self.sandbox)

    def start_viewer(self, sandbox: Sandbox) -> None:
        """Start what shows pages of the runs of this trial, where a user starts one to look at them.

        Raises TrialFault where it does not come up.
        """
        self.servers.start_viewer(self.sandbox.root / "viewer", sandbox)

    def start_store(self, weed: Path) -> Store:
        """Start an S3-compatible store for this trial alone. ``weed``: SeaweedFS's program.

        Raises TrialFault where it does not come up.
        """
        return self.servers.start_store(weed, self.sandbox.root / "store", self.sandbox)

    def stored(self) -> dict[str, bytes]:
        """Return what was put into this trial's store, by its path there; nothing where it has none.

        Raises TrialFault where the store does not give it back.
        """
        return self.servers.stored()

    def stop_server(self) -> None:
        """End the servers that were started for this trial."""
        self.servers.end()

    def besides(self, purpose: Purpose) -> Sandbox:
        """Return the sandbox with what the tool needs besides for a purpose, where it needs anything."""
        found = environment.besides(self.adapter.folder, self.adapter.manifest, purpose)
        return self.sandbox if found is None else replace(self.sandbox, python=found.python)

    @property
    def has_server(self) -> bool:
        """Whether a server stands beside the runs."""
        return self.servers.current is not None

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
        self.executor.interrupt()
        self.servers.interrupt()

    def _run(
        self,
        role: Role,
        run_options: RunOptions,
        point: Point | None = None,
        act: Callable[[Supervised], None] | None = None,
    ) -> Run:
        box = run_options.sandbox or self.sandbox
        if run_options.beside:
            box = replace(box, results=box.root / "results-beside")
        run_options = replace(run_options, sandbox=box)
        command = self._command(run_options, box)
        sandboxes.empty_results(box)
        return self._executed(role, command, run_options, point, act)

    def _executed(
        self,
        role: Role,
        command: Command,
        run_options: RunOptions,
        point: Point | None = None,
        act: Callable[[Supervised], None] | None = None,
    ) -> Run:
        run = self.executor.execute(role, command, run_options, point, act)
        self.runs.append(run)
        return run

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
