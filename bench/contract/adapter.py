"""The adapter contract: what an adapter says of its tool.

An adapter is a folder: ``adapter.toml`` (see :mod:`bench.contract.adapter_manifest`), ``adapter.py`` (one class,
:class:`Adapter`), ``requirements.in``, ``locks/``, ``templates/``, ``facts.toml`` (answers, see
:mod:`bench.scoring.checklist`). It renders files and returns commands; it never starts, times or ends a process.
How it is found and checked: :mod:`bench.contract.adapter_loading`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.contract.adapter_manifest import Capability, Manifest
from bench.contract.launchpad import Launchpad
from bench.contract.pipeline import Pipeline, Value
from bench.contract.records import Command
from bench.contract.source_map import SourceMap, Span
from bench.errors import AdapterError
from bench.hashing import folder_digest

__all__ = [
    "Adapter",
    "Before",
    "Capability",
    "Command",
    "Package",
    "Sandbox",
    "Server",
    "SourceMap",
    "Span",
    "Store",
    "Value",
    "fill",
]

NOT_HASHED = (
    "README.md",
    "costs.json",
    "facts.toml",
    "findings",
    # Their digests are in the keys of the cases that use them.
    "changes",
    "partitions",
    "shown",
    # The hash of the environment has it.
    "locks/requirements.txt",
)
"""What of an adapter's folder changes no fact, or is in a trial's key by another way."""


@dataclass(frozen=True)
class Sandbox:
    """The folders of one trial, all absolute and fresh, and the tool's own interpreter.

    project: where the rendered project stands. state: where the tool is told to keep its state.
    results: given to the pipeline as its parameter ``results``. data: the pipeline's input files.
    """

    root: Path
    home: Path
    tmp: Path
    project: Path
    state: Path
    results: Path
    data: Path
    python: Path

    def bin(self, name: str) -> str:
        """Return the path of a command that the tool's environment installed."""
        return str(self.python.parent / name)


@dataclass(frozen=True)
class Before:
    """The run before, for one that goes on from it.

    pipeline: as it was then, so that an adapter can tell which lines of its own project were edited since.
    rerun: the stage from which on all is to be executed again although the run before ended well: the first
    that was edited, else the last; None where that run did not end well.
    """

    pipeline: Pipeline
    parameters: Mapping[str, Value]
    rerun: str | None


@dataclass(frozen=True)
class Server:
    """A server that a setup needs, or that shows pages of the runs.

    ready: text in what it prints, from which on it answers. client: variables for the runs that use it.
    """

    command: Command
    ready: str
    client: Mapping[str, str]


@dataclass(frozen=True)
class Store:
    """An S3-compatible store of one trial. ``endpoint``: as ``http://127.0.0.1:PORT``."""

    endpoint: str
    bucket: str
    key: str
    secret: str


@dataclass(frozen=True)
class Package:
    """How the tool makes of a project what a platform takes.

    commands: one after the other; the last one makes it. kind: of its form, such as ``wheel``; of one of kind
    ``registration`` there is nothing without the server that keeps it. made: patterns
    of the files that it is, relative to the project; none where the last command prints it. untried: other
    forms that the tool has, by name, and why none is made here.
    """

    commands: tuple[Command, ...]
    kind: str
    made: tuple[str, ...] = ()
    untried: Mapping[str, Capability] = field(default_factory=dict)


class Adapter(ABC):
    """What an adapter's class implements. One instance serves all trials of its tool."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @abstractmethod
    def render(self, pipeline: Pipeline, project: Path, options: frozenset[str]) -> SourceMap:
        """Write the project that a good user of the tool would have written.

        The same pipeline and options give the same bytes. Returns where the user's statements went. Raises
        UnsupportedError for what the tool cannot take, with file, line and source; PipelineError for what this
        adapter cannot render.
        """

    @abstractmethod
    def run(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],
    ) -> Command:
        """Return the command that runs the rendered project afresh with these parameters."""

    def run_many(
        self,
        pipeline: Pipeline,  # noqa: ARG002 - for tools that can
        sandbox: Sandbox,  # noqa: ARG002
        runs: Sequence[Mapping[str, Value]],  # noqa: ARG002
        options: frozenset[str],  # noqa: ARG002
    ) -> Command | None:
        """Return one command that makes a run for each set of parameters, one after the other in one process.

        By the tool's documented API, and recorded as any run; None where it has none, or where that would
        not be faster than to start each. A long history is made by it.
        """
        return None

    def resume(
        self,
        pipeline: Pipeline,
        sandbox: Sandbox,
        parameters: Mapping[str, Value],
        options: frozenset[str],
        before: Before,  # noqa: ARG002 - for tools that go on from one run
    ) -> Command:
        """Return the command by which a user goes on from the run before, reusing what it left.

        Here the command of any run: with a cache, every run goes on by itself.
        """
        return self.run(pipeline, sandbox, parameters, options)

    def server(self, setup: str, sandbox: Sandbox, folder: Path, port: int) -> Server | None:  # noqa: ARG002
        """Return the server that a setup needs. ``folder``: for its data; ``port``: a free one."""
        return None

    def viewer(self, sandbox: Sandbox, port: int) -> Server | None:  # noqa: ARG002 - for tools that have one
        """Return the server that a user starts to look at what a project's runs have left; None without one.

        Its ``client`` is for the probe that asks for the address. A setup's own server shows its pages itself.
        """
        return None

    def package(
        self,
        pipeline: Pipeline,  # noqa: ARG002 - for tools that can
        sandbox: Sandbox,  # noqa: ARG002
        setup: str,  # noqa: ARG002
        store: Store | None,  # noqa: ARG002
    ) -> Package | None:
        """Return how the artefact to be deployed is made; None where the tool has no command for it.

        store: where there is one. What ``locks/package.txt`` installs is there for it besides.
        """
        return None

    def state(self, sandbox: Sandbox) -> tuple[Path, ...]:  # noqa: ARG002 - for tools that keep any
        """Return the documented places in which the tool keeps what it knows of its runs."""
        return ()

    def launchpad(self, pipeline: Pipeline, project: Path) -> Launchpad:  # noqa: ARG002 - for those that make one
        """Write what only this tool's launchpad has, and return what the shared files need to know.

        pipeline: as its author wrote it. The same pipeline gives the same bytes. Raises AdapterError for
        a tool that has none, and PipelineError as :meth:`render` does.
        """
        raise AdapterError(f"'{self.manifest.name}' has no launchpad to export")

    def fill(self, template: str, **context: Any) -> str:
        """Return ``templates/<template>`` filled in by jinja2; an unknown name in it is an error."""
        return fill(self.folder / "templates", template, **context)

    def fill_launchpad(self, template: str, **context: Any) -> str:
        """Return ``launchpad/<template>`` filled in, as :meth:`fill` does."""
        return fill(self.folder / "launchpad", template, **context)

    @property
    def digest(self) -> str:
        """Return a hash over all files of the adapter that can change what it renders or returns."""
        return folder_digest(self.folder, skip=NOT_HASHED)


def fill(folder: Path, template: str, **context: Any) -> str:
    """Return a template of a folder filled in by jinja2; an unknown name in it is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - it writes Python and YAML, not HTML
    )
    return environment.get_template(template).render(context)
