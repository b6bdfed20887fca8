"""Implements the verbs of a trial: render, run, change, hold, probe.

A scenario chooses the verbs. The driver acts in the same way for every tool, and returns facts.
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
from bench.execution.project import Project
from bench.execution.run_executor import Executor
from bench.execution.services.persistent_server import PersistentServer
from bench.execution.supervisor import Supervised
from bench.execution.trial_servers import TrialServers
from bench.host.redaction import Redaction

__all__ = ["TrialDriver"]


OWN_SHARE = 20
"""Times of its own time in plain Python that a run of a user's pipeline may take longer than others."""


class TrialDriver:
    """One attempt of one trial, in one sandbox.

    parameters: of the case; they override the pipeline's defaults. traced: False for a try without the tracer.
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
        """Observations of the scenario besides its runs; stored with the attempt."""
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
        """Write the native project. Raises TrialFault if its source map names a file that is not in it."""
        self.project.render(self.sandbox.project)

    @property
    def pipeline(self) -> Pipeline:
        """Return the pipeline from which the current project is made."""
        return self.project.pipeline

    @property
    def source_map(self) -> SourceMap | None:
        """Return where the stages are in the project; None until it is rendered."""
        return self.project.source_map

    @property
    def lacking(self) -> dict[str, Capability]:
        """Return what the tool lacks in this set-up, by the capability's name, as its manifest says."""
        return self.adapter.manifest.lacking(self.trial.target.setup)

    def require(self, *capabilities: str) -> None:
        """End the trial as unsupported if the manifest says that the tool lacks one of these capabilities."""
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
        """Edit the pipeline's own source and render the project again, as :meth:`change` does."""
        self.facts.setdefault("edits", []).extend(asdict(edit) for edit in edits)
        self.change(pipeline_catalog.edited(self.definition, edits).pipeline)

    def change(self, pipeline: Pipeline) -> None:
        """Change the project to that of ``pipeline``, and write only files whose bytes differ."""
        self.project.change(pipeline, self.sandbox.project, self.sandbox.root / "changed")

    def edit_project(self, name: str, folder: str = CHANGES) -> Change:
        """Edit the rendered project with the adapter's edit of that name; all later runs use the edited project."""
        change = self.project.planned_edit(name, folder, self.sandbox.project, self.trial.target.setup)
        before = self._command(PLAIN, self.sandbox).argv
        size = self.project.edit(name, folder, self.sandbox.project, before)
        self.facts["size"] = msgspec.structs.asdict(size)
        return change

    def second_project(self) -> Sandbox:
        """Return the sandbox with a second project, which is a copy of the rendered files only."""
        second = self.sandbox.root / "second"
        self.project.copy(self.sandbox.project, second)
        return replace(self.sandbox, project=second)

    def apart(self, name: str) -> Sandbox:
        """Return the sandbox in fresh state at another place: all folders new, with the project's rendered files."""
        box = sandboxes.apart(self.sandbox, name)
        self.project.copy(self.sandbox.project, box.project)
        return box

    def other_python(self) -> Sandbox:
        """Return the sandbox with an environment of another Python minor version, from the same lock."""
        self._must_not_require()
        found = environment.elsewhere(self.adapter.folder, self.adapter.manifest)
        if found is None:
            reason = "no other Python minor version is installed that the tool supports"
            raise TrialSkipped(Declared(outcome="not attempted", reason=reason))
        self.facts["python"] = found.interpreter
        return replace(self.sandbox, python=found.python)

    def earlier_version(self) -> Sandbox:
        """Return the sandbox with an environment of the tool's previous minor version."""
        self._must_not_require()
        found = environment.earlier(self.adapter.folder, self.adapter.manifest)
        if found is None:
            reason = "the adapter names no previous minor version that can be installed"
            raise TrialSkipped(Declared(outcome="not attempted", reason=reason))
        self.facts["earlier"] = found.version
        return replace(self.sandbox, python=found.python)

    def command(self, run_options: RunOptions = PLAIN) -> Command:
        """Return the command that would start a run."""
        before = self._before
        try:
            return self._command(run_options, run_options.sandbox or self.sandbox)
        finally:
            # The command is not run, so no later run can resume from it.
            self._before = before

    def logs(self, run: Run) -> tuple[Path, Path]:
        """Return the paths of a run's standard output and error."""
        return self.evidence / run.stdout, self.evidence / run.stderr

    def run(self, role: Role, run_options: RunOptions = PLAIN) -> Run:
        """Run the project with the tool's own command; return the facts."""
        return self._run(role, run_options)

    def run_by(self, command: Command) -> Run:
        """Run the project with another command than the tool's own, traced and judged like any run."""
        sandboxes.empty_results(self.sandbox)
        return self._executed("fresh", command, PLAIN)

    def run_many(self, parameters: Sequence[Mapping[str, Value]]) -> Run | None:
        """Make a run for each set of parameters with one command; None if the tool has no such command."""
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
        """Ask the adapter's ``probe.py``, in a new process with a home and a folder of its own."""
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
        """Open a page in Chromium and return its document; document and picture are kept as evidence."""
        folder = self.executor.new_folder("page")
        command = browser.command(address, click, folder, self.sandbox.root / "browser")
        facts = self.executor.supervised(command, command.env, folder)
        return browser.shown(address, facts.exit_code, folder, self.redaction)

    def aside(self, command: Command, run_options: RunOptions = PLAIN) -> Run:
        """Run another command than the tool's own in the sandbox, without the tracer."""
        return self._executed("probe", command, run_options)

    def small_disk(self, size: int) -> faulty_disk.SmallDisk:
        """Put all folders to which the tool writes, except the results, on a file system of ``size`` bytes."""
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
        """Start the server of the target's set-up for this trial alone, with its data in ``folder``."""
        self.servers.start_server(folder, sandbox or self.sandbox)

    def start_viewer(self, sandbox: Sandbox) -> None:
        """Start the server that shows pages of this trial's runs, if a user has to start one."""
        self.servers.start_viewer(self.sandbox.root / "viewer", sandbox)

    def start_store(self, weed: Path) -> Store:
        """Start an S3-compatible store for this trial alone. ``weed``: the program of SeaweedFS."""
        return self.servers.start_store(weed, self.sandbox.root / "store", self.sandbox)

    def stored(self) -> dict[str, bytes]:
        """Return the content of this trial's store by path; nothing if the trial has no store."""
        return self.servers.stored()

    def stop_server(self) -> None:
        """End the servers that were started for this trial."""
        self.servers.end()

    def besides(self, purpose: Purpose) -> Sandbox:
        """Return the sandbox with the additional packages for a purpose, if the tool needs any."""
        found = environment.besides(self.adapter.folder, self.adapter.manifest, purpose)
        if found is not None:
            self._must_not_require()
        return self.sandbox if found is None else replace(self.sandbox, python=found.python)

    @property
    def has_server(self) -> bool:
        """Whether a server runs beside the runs of this trial."""
        return self.servers.current is not None

    def redact(self, text: str) -> str:
        """Return a text without private parts."""
        return self.redaction.text(text)

    def close(self) -> None:
        """End the servers of this trial, and unmount its file system."""
        self.stop_server()
        if self._disk is not None:
            self._disk.unmount()
            self._disk = None

    @property
    def stopped(self) -> bool:
        """Whether the trial has been told to end."""
        return self._stopped.is_set()

    def pause(self, seconds: float) -> None:
        """Sleep until the time is over or the trial must end. A negative time is 0."""
        self._stopped.wait(max(0.0, seconds))

    def stop(self) -> None:
        """End everything that is running, and start nothing more. Any thread may call this."""
        self._stopped.set()
        self.executor.interrupt()
        self.servers.interrupt()

    def _must_not_require(self) -> None:
        """End the trial if the user's pipeline needs packages that another environment than the tool's own lacks."""
        if self.definition.requires:
            reason = (
                "it needs another environment than the tool's own, and bench makes none there with what "
                f"the pipeline requires ({', '.join(self.definition.requires)[:100]})"
            )
            raise TrialSkipped(Declared(outcome="not attempted", reason=reason))

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
            own = self.definition.own
            if own is not None:
                limit = command.time_limit + OWN_SHARE * own.seconds
                command = msgspec.structs.replace(command, time_limit=limit)
            return run_options.typed_as(command)
        except Exception as error:
            where = f"adapter '{self.adapter.manifest.name}'"
            raise TrialFault(where, f"run() failed: {type(error).__name__}: {error}") from error

    def _values(self, run_options: RunOptions, box: Sandbox) -> dict[str, Value]:
        values = pipeline_catalog.parameters(self.pipeline, box.data, box.results)
        return {**values, **self.parameters, **run_options.parameters}
