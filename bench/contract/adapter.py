"""The adapter contract: what an adapter says of its tool, and how it is found and checked.

An adapter is a folder: ``adapter.toml`` (see :mod:`bench.contract.adapter_manifest`), ``adapter.py`` (one class,
:class:`Adapter`),
``requirements.in``, ``locks/``, ``templates/``, ``facts.toml`` (answers, see :mod:`bench.scoring.checklist`). It
renders files and returns commands; it never starts, times or ends a process. ``adapter.py`` may import the
standard library, ``jinja2``, ``libcst`` and this package's public contract (:data:`ALLOWED_IMPORTS`),
nothing else: it is harness code and must not need the tool.
"""

import ast
import importlib.util
import inspect
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.contract.adapter_manifest import Capability, Manifest, read_manifest
from bench.contract.launchpad import Launchpad
from bench.contract.pipeline import Pipeline, Value
from bench.contract.records import Command
from bench.contract.source_map import SourceMap, Span
from bench.contract.user_module import execute
from bench.errors import AdapterError, nearest
from bench.folders import data_folder
from bench.hashing import folder_digest

__all__ = [
    "ALLOWED_IMPORTS",
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
    "adapters_folder",
    "discover",
    "fill",
    "find",
    "load",
]

FORMER_NAMES = {
    "bench.launchpad": "bench.contract.launchpad",
    "bench.layout": "bench.contract.codegen.format",
    "bench.source": "bench.contract.codegen.source",
    "bench.tasks": "bench.contract.codegen.decorators",
}
"""Where modules have moved that an adapter may import; the former names go on to work in adapters."""

ALLOWED_IMPORTS = (
    "bench.adapters",
    "bench.contract.codegen",
    "bench.contract.launchpad",
    "bench.errors",
    "bench.pipeline",
    "jinja2",
    "libcst",
)

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
        PipelineError for a stage that the tool cannot take, with its file and line.
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


def adapters_folder() -> Path:
    """Return the folder of the adapters that come with bench, in a checkout or in a wheel."""
    return data_folder("adapters")


def discover(extra: tuple[Path, ...] = ()) -> dict[str, Path]:
    """Return the folder of each adapter by name: those that come with bench, then those of ``extra``.

    A folder without a manifest is left out here only if it is hidden; :func:`load` names any other.
    """
    folders = [
        path for path in sorted(adapters_folder().iterdir()) if path.is_dir() and path.name[0] not in "._"
    ]
    return {path.resolve().name: path.resolve() for path in (*folders, *extra)}


def find(name: str, folders: Mapping[str, Path]) -> Path:
    """Return an adapter's folder. Raises AdapterError with the nearest name."""
    if name not in folders:
        raise AdapterError(f"unknown tool '{name}'{nearest(name, folders)}")
    return folders[name]


def load(folder: Path) -> Adapter:
    """Load one adapter and check it against the contract, before anything is run.

    Raises AdapterError naming the adapter and what is missing or not allowed.
    """
    manifest = read_manifest(folder)
    path = folder / "adapter.py"
    where = f"adapter '{folder.name}'"
    if not path.is_file():
        raise AdapterError(f"{where}: {folder} has no adapter.py")
    for source in sorted(folder.glob("*.py")):
        # probe.py runs in the tool's own interpreter and may import the tool.
        if source.name != "probe.py":
            _check_imports(source, where)
    # A unique name, so that two adapters' modules never meet; a package, so that adapter.py can
    # import its neighbours (``from . import rebuild``).
    spec = importlib.util.spec_from_file_location(
        f"_bench_adapter_{folder.name}", path, submodule_search_locations=[str(folder)]
    )
    if spec is None:
        raise AdapterError(f"{where}: {path} is no Python file")
    module = execute(spec, where, AdapterError)
    return _instance(module, folder, manifest, where)


def _instance(module: Any, folder: Path, manifest: Manifest, where: str) -> Adapter:
    classes = [
        found
        for found in vars(module).values()
        if inspect.isclass(found) and issubclass(found, Adapter) and found.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise AdapterError(f"{where}: adapter.py must define one class on Adapter, found {len(classes)}")
    missing = sorted(getattr(classes[0], "__abstractmethods__", ()))
    if missing:
        raise AdapterError(f"{where}: class {classes[0].__name__} lacks the method {', '.join(missing)}()")
    instance: Adapter = classes[0](folder, manifest)
    return instance


def _check_imports(path: Path, where: str) -> None:
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except OSError as error:
        raise AdapterError(f"{where}: {path} cannot be read ({error.strerror})") from error
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise AdapterError(f"{where}: {path}{line}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise AdapterError(f"{where}: {path}: {error or 'too deeply nested'}") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            if name in FORMER_NAMES:
                sys.modules.setdefault(name, importlib.import_module(FORMER_NAMES[name]))
            elif not _allowed(name):
                raise AdapterError(
                    f"{where}: {path}:{node.lineno} imports '{name}'; an adapter may import the standard "
                    f"library and {', '.join(ALLOWED_IMPORTS)}"
                )


def _allowed(module: str) -> bool:
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return True
    return any(module == name or module.startswith(f"{name}.") for name in ALLOWED_IMPORTS)
