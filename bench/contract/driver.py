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
    "Point",
    "Purpose",
    "Question",
    "RunningCommand",
    "SourceEdit",
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
class Definition:
    """A pipeline, its file, the hash of everything that it uses, and the interpreter that read it."""

    pipeline: Pipeline
    file: Path
    digest: str
    interpreter: Path


@dataclass(frozen=True)
class SourceEdit:
    """An edit of a pipeline's own source: ``old`` becomes ``new``."""

    file: str
    old: str
    new: str


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
    """What a scenario observed beside its runs; stored with the attempt."""

    def render(self) -> None:
        """Write the native project. Raises TrialFault where its source map names no file of it."""

    @property
    def pipeline(self) -> Pipeline:
        """Return the pipeline that the project is made of now."""

    @property
    def source_map(self) -> SourceMap | None:
        """Return where the stages stand in the project; None until it is rendered."""

    @property
    def lacking(self) -> dict[str, Capability]:
        """Return what the tool lacks in this setup, as its manifest says, by the capability's name."""

    def require(self, *capabilities: str) -> None:
        """End the trial as unsupported where the tool's manifest says that it lacks one of these."""

    def edit(self, edits: Sequence[SourceEdit]) -> None:
        """Edit the pipeline's own source and make the project anew from it, as :meth:`change` does."""

    def change(self, pipeline: Pipeline) -> None:
        """Make the project that of ``pipeline``, touching only files whose bytes differ.

        All others keep their inode and modification time.
        """

    def edit_project(self, name: str, folder: str = CHANGES) -> Change:
        """Edit the rendered project as the adapter's file of that name says; all runs after it are of that.

        Its size is kept as the fact ``size``. Ends the trial where the adapter declares that there is none, or
        says nothing. Raises AdapterError.
        """

    def second_project(self) -> Sandbox:
        """Return the sandbox with a second project: a copy of what was rendered, and of nothing else."""

    def other_python(self) -> Sandbox:
        """Return the sandbox with an environment of another Python minor version, of the same lock.

        Ends the trial as not attempted where there is no such Python.
        """

    def earlier_version(self) -> Sandbox:
        """Return the sandbox with an environment of the tool's minor version before the measured one.

        Ends the trial as not attempted where the adapter names none.
        """

    def command(self, run_options: RunOptions = PLAIN) -> Command:
        """Return the command that a run would be started by."""

    def logs(self, run: Run) -> tuple[Path, Path]:
        """Return where the standard output and error of a run are kept."""

    def run(self, role: Role, run_options: RunOptions = PLAIN) -> Run:
        """Run the project by the tool's own command; returns the facts."""

    def run_by(self, command: Command) -> Run:
        """Run the project by another command than the tool's own, traced and judged as any run."""

    def run_many(self, parameters: Sequence[Mapping[str, Value]]) -> Run | None:
        """Make a run for each set of parameters, by one command; None where the tool has none for that."""

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
        """Run, and call ``act`` with each step at which a body's own code waits ."""

    def probe(self, questions: Sequence[Question], run_options: RunOptions = PLAIN) -> dict[str, Any]:
        """Ask the adapter's ``probe.py``, in a new process with a home and a folder of its own.

        Returns by id what the tool answers: ``value`` (None: nothing), ``route`` (None: it has no way to ask),
        ``seconds`` without import and start-up, ``at`` in monotonic nanoseconds, ``error`` in one line,
        ``tokens`` of the code it takes.
        """

    def browse(self, address: str, click: str) -> str:
        """Return what a page shows in Chromium, as its document; kept as evidence, with a picture of it.

        As it opens, and as it is after one click on what reads ``click``, where there is such.
        Ends the trial as not attempted where there is no Chromium. Raises TrialFault where the look was cut off.
        """

    def aside(self, command: Command, run_options: RunOptions = PLAIN) -> Run:
        """Run another command than the tool's own in its sandbox, without the tracer."""

    def small_disk(self, size: int) -> FaultyDisk:
        """Put all folders that the tool writes to, but not the results, on a file system of ``size`` bytes.

        Before anything is rendered. Ends the trial as not attempted where none can be mounted.
        """

    def start_server(self, folder: Path, sandbox: Sandbox | None = None) -> None:
        """Start the server of the target's setup for this trial alone, its data in ``folder``.

        sandbox: another one than the trial's. Raises TrialFault where it does not come up.
        """

    def start_viewer(self, sandbox: Sandbox) -> None:
        """Start what shows pages of the runs of this trial, where a user starts one to look at them.

        Raises TrialFault where it does not come up.
        """

    def start_store(self, weed: Path) -> Store:
        """Start an S3-compatible store for this trial alone. ``weed``: SeaweedFS's program.

        Raises TrialFault where it does not come up.
        """

    def stored(self) -> dict[str, bytes]:
        """Return what was put into this trial's store, by its path there; nothing where it has none.

        Raises TrialFault where the store does not give it back.
        """

    def besides(self, purpose: Purpose) -> Sandbox:
        """Return the sandbox with what the tool needs besides for a purpose, where it needs anything."""

    def stop_server(self) -> None:
        """End the servers that were started for this trial."""

    def pause(self, seconds: float) -> None:
        """Let time go by, but not once the trial has been told to end; less than 0 is none."""

    @property
    def has_server(self) -> bool:
        """Whether a server stands beside the runs."""

    def redact(self, text: str) -> str:
        """Return a text without what is private."""
