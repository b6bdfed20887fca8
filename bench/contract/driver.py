"""The verbs with which a scenario drives a trial, and their arguments.

A scenario decides what happens. The driver acts, in the same way for every tool; :mod:`bench.execution.driver`
implements it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from bench.contract.adapter import Adapter, Sandbox, Store
from bench.contract.adapter_manifest import Capability
from bench.contract.native_edit import CHANGES, Change
from bench.contract.pipeline import Pipeline, Value
from bench.contract.records import Command, Role, Run, Trial
from bench.contract.run_options import PLAIN, RunOptions
from bench.contract.source_map import SourceMap

__all__ = [
    "Definition",
    "Driver",
    "FaultyDisk",
    "OwnFacts",
    "Point",
    "Purpose",
    "Question",
    "RunningCommand",
    "SourceEdit",
    "Turn",
]

Purpose = Literal["package", "pages"]
"""The purposes for which a tool may need additional packages."""


@dataclass(frozen=True)
class Point:
    """The place where a body is held: ``start`` or ``end`` of the first call of a stage."""

    stage: str
    at: Literal["start", "end"]


@dataclass(frozen=True)
class Question:
    """A question to a probe: a function of the adapter's ``probe.py``, and its arguments by name.

    wait: seconds between the previous question and this one.
    """

    id: str
    ask: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    wait: float = 0.0


@dataclass(frozen=True)
class SourceEdit:
    """An edit of a pipeline's own source: ``old`` becomes ``new``."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Turn:
    """One change of a user's pipeline, of which the control has shown what it leads to.

    name: what is changed: a stage, a helper, a parameter. what: the change in words. edits: of the source.
    parameters: other values. data: input file to the place of a byte in it, and the byte that is put there.
    rerun: the first stage that has to be executed again.
    """

    name: str
    what: str
    edits: tuple[SourceEdit, ...] = ()
    parameters: Mapping[str, Value] = field(default_factory=dict)
    data: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    rerun: str | None = None


@dataclass(frozen=True)
class OwnFacts:
    """What plain Python has shown of a user's pipeline before the trials.

    seconds: of one run. calls: how often each stage was called. turns: by kind and name, the change, or why there is
    none that shows as it must.
    """

    seconds: float
    calls: Mapping[str, int] = field(default_factory=dict)
    turns: Mapping[str, Mapping[str, Turn | str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Definition:
    """A pipeline, its file, the hash of everything that it uses, and the interpreter that read it.

    own: what is known of a user's pipeline; None for one that comes with bench. requires: lines of what it requires of
    third parties.
    """

    pipeline: Pipeline
    file: Path
    digest: str
    interpreter: Path
    own: OwnFacts | None = None
    requires: tuple[str, ...] = ()


class RunningCommand(Protocol):
    """A running command."""

    def signal(self, number: int, who: Literal["main", "group", "tree"]) -> None:
        """Send a signal to the command's own process, to its process group, or to all processes of the run."""


class FaultyDisk(Protocol):
    """A small file system that holds all folders to which the tool writes."""

    place: Path

    def refuses(self, size: int) -> str | None:
        """Return why a file of this many bytes cannot be written; None if it can."""

    def freeze(self) -> list[str]:
        """Make the file system read-only; return the files that were open for writing."""

    def thaw(self) -> None:
        """Make the file system writable again."""


class Driver(Protocol):
    """One attempt of one trial, in one sandbox."""

    trial: Trial
    adapter: Adapter
    definition: Definition
    sandbox: Sandbox
    evidence: Path
    parameters: Mapping[str, Value]
    runs: list[Run]
    facts: dict[str, Any]
    """Observations of the scenario besides its runs; stored with the attempt."""

    def render(self) -> None:
        """Write the native project. Raises TrialFault if its source map names a file that is not in it."""

    @property
    def pipeline(self) -> Pipeline:
        """Return the pipeline from which the current project is made."""

    @property
    def source_map(self) -> SourceMap | None:
        """Return where the stages are in the project; None until it is rendered."""

    @property
    def lacking(self) -> dict[str, Capability]:
        """Return what the tool lacks in this set-up, by the capability's name, as its manifest says."""

    def require(self, *capabilities: str) -> None:
        """End the trial as unsupported if the manifest says that the tool lacks one of these capabilities."""

    def edit(self, edits: Sequence[SourceEdit]) -> None:
        """Edit the pipeline's own source and render the project again, as :meth:`change` does."""

    def change(self, pipeline: Pipeline) -> None:
        """Change the project to that of ``pipeline``, and write only files whose bytes differ.

        All others keep their inode and modification time.
        """

    def edit_project(self, name: str, folder: str = CHANGES) -> Change:
        """Edit the rendered project with the adapter's edit of that name; all later runs use the edited project.

        The fact ``size`` keeps the size of the edit. Ends the trial if the adapter says that there is no such edit,
        or says nothing. Raises AdapterError.
        """

    def second_project(self) -> Sandbox:
        """Return the sandbox with a second project, which is a copy of the rendered files only."""

    def apart(self, name: str) -> Sandbox:
        """Return the sandbox in fresh state at another place: all folders new, with the project's rendered files.

        name: of the new place, a new one every time. Its input files are copies of those that are there now.
        """

    def other_python(self) -> Sandbox:
        """Return the sandbox with an environment of another Python minor version, from the same lock.

        Ends the trial as not attempted if there is no such Python.
        """

    def earlier_version(self) -> Sandbox:
        """Return the sandbox with an environment of the tool's previous minor version.

        Ends the trial as not attempted if the adapter names none.
        """

    def command(self, run_options: RunOptions = PLAIN) -> Command:
        """Return the command that would start a run."""

    def logs(self, run: Run) -> tuple[Path, Path]:
        """Return the paths of a run's standard output and error."""

    def run(self, role: Role, run_options: RunOptions = PLAIN) -> Run:
        """Run the project with the tool's own command; return the facts."""

    def run_by(self, command: Command) -> Run:
        """Run the project with another command than the tool's own, traced and judged like any run."""

    def run_many(self, parameters: Sequence[Mapping[str, Value]]) -> Run | None:
        """Make a run for each set of parameters with one command; None if the tool has no such command."""

    def hold(
        self,
        role: Role,
        point: Point,
        act: Callable[[RunningCommand], None],
        run_options: RunOptions = PLAIN,
    ) -> Run:
        """Run, and call ``act`` while the first body that reaches ``point`` waits there."""

    def halt(
        self, role: Role, steps: Sequence[int], act: Callable[[int], None], run_options: RunOptions = PLAIN
    ) -> Run:
        """Run, and call ``act`` with each step at which a body's own code waits."""

    def probe(self, questions: Sequence[Question], run_options: RunOptions = PLAIN) -> dict[str, Any]:
        """Ask the adapter's ``probe.py``, in a new process with a home and a folder of its own.

        Returns the tool's answers by id: ``value`` (None: nothing), ``route`` (None: the tool has no route),
        ``seconds`` without import and start-up, ``at`` in monotonic nanoseconds, ``error`` in one line,
        ``tokens`` of the code for the answer.
        """

    def browse(self, address: str, click: str) -> str:
        """Open a page in Chromium and return its document; document and picture are kept as evidence.

        Also captures the page after one click on the element with the text ``click``, if there is one. Ends the trial
        as not attempted if Chromium is not installed. Raises TrialFault if Chromium failed.
        """

    def aside(self, command: Command, run_options: RunOptions = PLAIN) -> Run:
        """Run another command than the tool's own in the sandbox, without the tracer."""

    def small_disk(self, size: int) -> FaultyDisk:
        """Put all folders to which the tool writes, except the results, on a file system of ``size`` bytes.

        Call it before rendering. Ends the trial as not attempted if no file system can be mounted.
        """

    def start_server(self, folder: Path, sandbox: Sandbox | None = None) -> None:
        """Start the server of the target's set-up for this trial alone, with its data in ``folder``.

        sandbox: another one than the trial's. Raises TrialFault if the server does not start.
        """

    def start_viewer(self, sandbox: Sandbox) -> None:
        """Start the server that shows pages of this trial's runs, if a user has to start one.

        Raises TrialFault if the server does not start.
        """

    def start_store(self, weed: Path) -> Store:
        """Start an S3-compatible store for this trial alone. ``weed``: the program of SeaweedFS.

        Raises TrialFault if the store does not start.
        """

    def stored(self) -> dict[str, bytes]:
        """Return the content of this trial's store by path; nothing if the trial has no store.

        Raises TrialFault if the store cannot return it.
        """

    def besides(self, purpose: Purpose) -> Sandbox:
        """Return the sandbox with the additional packages for a purpose, if the tool needs any."""

    def stop_server(self) -> None:
        """End the servers that were started for this trial."""

    def pause(self, seconds: float) -> None:
        """Sleep until the time is over or the trial must end. A negative time is 0."""

    @property
    def has_server(self) -> bool:
        """Whether a server runs beside the runs of this trial."""

    def redact(self, text: str) -> str:
        """Return a text without private parts."""
