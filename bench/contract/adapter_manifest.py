"""The manifest of an adapter, ``adapter.toml``: what is said of a tool, read and checked before anything is run."""

from pathlib import Path
from typing import Literal

from bench.contract.records import Mode
from bench.contract.toml import Table, read_toml
from bench.errors import AdapterError, nearest

__all__ = [
    "CAPABILITIES",
    "Capability",
    "Earlier",
    "InstallationWrite",
    "Manifest",
    "Notebook",
    "Option",
    "Reuse",
    "Setting",
    "Setup",
    "UnitTest",
    "Variable",
    "read_manifest",
]

CAPABILITIES = {
    "access_control": "users, roles or namespaces that keep people apart",
    "cache": "reuse of results across runs, promised by the documentation",
    "code_version": "a record of which code a run executed",
    "deploy": "a command that puts a pipeline on a backend",
    "expiry": "an age after which a stored result is not reused any more",
    "dynamic_map": "one task for each item of a list that is known only at run time",
    "notebook": "runs started from a notebook",
    "package": "a command that makes an artefact to be deployed",
    "parallel_map": "mapped tasks side by side",
    "remote_storage": "data of a run in an object store",
    "resources": "requests and limits of CPU and memory",
    "resume": "a command that takes up a failed run",
    "retries": "another try of a task after an error",
    "retry_delay": "a wait before each of them",
    "roles": "rights by role on the tool's own server",
    "run_history": "a record of runs that can be asked afterwards",
    "timeout": "an end of a task after a time",
    "ui": "a page that shows runs",
}
"""What a tool may lack: the names that manifests and scenarios use, and what each is."""


class Variable(Table, frozen=True, kw_only=True):
    """An environment variable for all of the tool's processes.

    value: may name ``{home}``, ``{tmp}``, ``{state}`` and ``{project}`` of the sandbox.
    """

    value: str
    reason: str


class Setting(Table, frozen=True, kw_only=True):
    """A setting that differs from the tool's default, and why."""

    what: str
    value: str
    default: str
    reason: str
    source: str | None = None


class Setup(Table, frozen=True, kw_only=True):
    """One way in which the tool is put up. ``run_by``: the command a user types, in words."""

    mode: Mode
    run_by: str
    environment: dict[str, Variable] = {}
    settings: tuple[Setting, ...] = ()


class Option(Table, frozen=True, kw_only=True):
    """A policy laid over a setup; shown beside it and never part of ``all``.

    stricter: whether it is a documented stricter way of reusing results.
    """

    what: str
    reason: str
    stricter: bool = False
    environment: dict[str, Variable] = {}


class Capability(Table, frozen=True, kw_only=True):
    """Something that the tool does not have: ``tool``, not at all; ``mode``, not in these setups."""

    scope: Literal["tool", "mode"]
    reason: str
    source: str
    setups: tuple[str, ...] = ()


class InstallationWrite(Table, frozen=True, kw_only=True):
    """Files that the tool itself writes into its own installation, so that they are no sign of a changed one.

    pattern: of paths relative to the packages, as in :mod:`fnmatch`.
    """

    pattern: str
    reason: str
    source: str


class Reuse(Table, frozen=True, kw_only=True):
    """How the tool reuses results of an earlier run.

    mechanism: a ``cache``; going on from one earlier run (``resume``); skipping what exists
    (``existing outputs``). promised: whether its documentation promises reuse across runs, which alone
    counts as caching. shown: regular expression of the text, in the output of a run, that tells its user
    of a reused result, if anything does.
    """

    mechanism: Literal["cache", "resume", "existing outputs"]
    what: str
    promised: bool
    source: str
    shown: str | None = None


class UnitTest(Table, frozen=True, kw_only=True):
    """How a user of the tool tests a stage alone.

    path: folder of the project from which its modules are imported. file: that holds the stages, where they
    are traced in another. call: what is called with the stage's
    arguments where the documentation names something for it, with ``{function}`` for the stage.
    """

    path: str = ""
    file: str | None = None
    call: str | None = None
    source: str


class Notebook(Table, frozen=True, kw_only=True):
    """How a user runs the project from a notebook.

    path: folder of the project in which the notebook lies. cells: sources, the last of which runs the pipeline;
    with ``{pipeline}`` for its name, ``{arguments}`` for its parameters as keywords with their values, and
    ``{results}`` for the value of its parameter ``results``.
    """

    path: str = ""
    cells: tuple[str, ...]
    source: str


class Earlier(Table, frozen=True, kw_only=True):
    """The minor version before the measured one, which ``locks/earlier.txt`` installs.

    absent: capabilities that it lacks and the measured one has, so that a project cannot ask it for them.
    """

    version: str
    absent: tuple[str, ...] = ()


class Manifest(Table, frozen=True, kw_only=True):
    """``adapter.toml``.

    package: the distribution whose installed version is the target's version. python: the
    interpreters it supports, as a version specifier. traced_files: names of files outside the project
    that hold user code. absent: capability to why it is not there. persistent_setup: a setup that
    ``all`` measures beside the default one, where runs in that are dear; the default then gets only the
    cases that are marked as brief, of the scenarios that mark some. uploads: whether making an artefact puts
    files into an S3-compatible store.
    """

    name: str
    display: str
    homepage: str
    licence: str
    package: str
    python: str
    default_setup: str
    setups: dict[str, Setup]
    role: Literal["tool", "control", "aa check"] = "tool"
    options: dict[str, Option] = {}
    environment: dict[str, Variable] = {}
    settings: tuple[Setting, ...] = ()
    traced_files: tuple[str, ...] = ()
    installation_writes: tuple[InstallationWrite, ...] = ()
    reuse: Reuse | None = None
    persistent_setup: str | None = None
    uploads: bool = False
    unit_test: UnitTest | None = None
    notebook: Notebook | None = None
    earlier: Earlier | None = None
    absent: dict[str, Capability] = {}

    def lacking(self, setup: str) -> dict[str, Capability]:
        """Return what the tool lacks in one of its setups, by the name of the capability."""
        return {name: one for name, one in self.absent.items() if not one.setups or setup in one.setups}


def read_manifest(folder: Path) -> Manifest:
    """Read and check ``adapter.toml``. Raises AdapterError naming the adapter and the key."""
    path = folder / "adapter.toml"
    manifest = read_toml(path, Manifest, AdapterError, f"adapter '{folder.name}': ")
    if manifest.name != folder.name:
        raise AdapterError(
            f"adapter '{folder.name}': {path} says name = '{manifest.name}'; make them equal"
        )
    if manifest.default_setup not in manifest.setups:
        raise AdapterError(
            f"adapter '{folder.name}': default_setup '{manifest.default_setup}' is no setup"
            f"{nearest(manifest.default_setup, manifest.setups)}"
        )
    lacked = [("absent.", name) for name in manifest.absent]
    lacked += [("earlier.absent.", name) for name in (manifest.earlier.absent if manifest.earlier else ())]
    for where, capability in lacked:
        if capability not in CAPABILITIES:
            raise AdapterError(
                f"adapter '{folder.name}': [{where}{capability}] is no capability that is asked for"
                f"{nearest(capability, CAPABILITIES)}; known are: {', '.join(CAPABILITIES)}"
            )
    if manifest.persistent_setup is not None and manifest.persistent_setup not in manifest.setups:
        raise AdapterError(
            f"adapter '{folder.name}': persistent_setup '{manifest.persistent_setup}' is no setup"
            f"{nearest(manifest.persistent_setup, manifest.setups)}"
        )
    return manifest
