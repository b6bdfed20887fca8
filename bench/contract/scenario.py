"""The scenario contract: what a scenario is, and how it is found and loaded.

A scenario is a folder: ``scenario.toml`` (what is asked, of which pipelines, how often; see
:mod:`bench.contract.scenario_manifest`), ``scenario.py`` (one class on :class:`Scenario`: the steps of a trial) and
``verdict.py`` (how stored facts are judged; see :mod:`bench.judging.rules`).
"""

import ast
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench.contract import published_figures
from bench.contract.driver import Driver
from bench.contract.loading import load_module, one_class
from bench.contract.published_figures import Figure
from bench.contract.scenario_manifest import Manifest, read_manifest
from bench.errors import ScenarioError, nearest
from bench.folders import data_folder
from bench.hashing import folder_digest

__all__ = ["Loaded", "Scenario", "discover", "find", "load", "manifests"]


NOT_HASHED = ("README.md", "published.toml", "scenario.toml")
"""What of a scenario's folder changes no fact; the parameters of a case are in its key by themselves."""


class Scenario(ABC):
    """The steps of a trial. One instance serves all trials of the scenario."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    @abstractmethod
    def steps(self, driver: Driver, profile: str) -> None:
        """Say what is done in a trial, by the driver's verbs."""


@dataclass(frozen=True)
class Loaded:
    """A scenario, without its steps until they are asked for: what was measured is judged without them.

    published: figures of others, of its workloads.
    """

    folder: Path
    manifest: Manifest
    published: tuple[Figure, ...] = ()

    @cached_property
    def scenario(self) -> Scenario:
        """Load its steps, and check them against the contract. Raises ScenarioError."""
        where = f"scenario '{self.folder.name}'"
        module = load_module(self.folder, "scenario", "scenario", ScenarioError)
        found = one_class(module, Scenario, where, ScenarioError)  # type: ignore[type-abstract]
        return found(self.folder, self.manifest)

    @cached_property
    def digest(self) -> str:
        """Return the hash of what changes its facts.

        Files that only judge are left out: a corrected rule must not make stored facts look outdated.
        """
        only_judge = _imported(self.folder, "verdict") - _imported(self.folder, "scenario")
        return folder_digest(self.folder, skip=(*NOT_HASHED, *only_judge))


def _imported(folder: Path, module: str) -> set[str]:
    """Return the files of a scenario that a module of it imports, directly or not, and its own."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        file = f"{waiting.pop()}.py"
        if file in found or not (folder / file).is_file():
            continue
        found.add(file)
        for node in ast.walk(ast.parse((folder / file).read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                waiting += [node.module] if node.module else [alias.name for alias in node.names]
    return found


def scenarios_folder() -> Path:
    """Return the folder of the scenarios that come with bench, in a checkout or in a wheel."""
    return data_folder("scenarios")


def discover() -> dict[str, Path]:
    """Return the folder of each scenario by name."""
    return {
        path.name: path
        for path in sorted(scenarios_folder().iterdir())
        if path.is_dir() and path.name[0] not in "._"
    }


def manifests() -> dict[str, Manifest]:
    """Return the manifest of each scenario by name. Raises ScenarioError."""
    return {name: read_manifest(folder) for name, folder in discover().items()}


def find(name: str) -> Path:
    """Return a scenario's folder. Raises ScenarioError with the nearest name."""
    known = discover()
    if name not in known:
        raise ScenarioError(f"unknown scenario '{name}'{nearest(name, known)}")
    return known[name]


def load(folder: Path) -> Loaded:
    """Load one scenario and check it against the contract, but for its steps. Raises ScenarioError."""
    manifest = read_manifest(folder)
    figures = published_figures.read(folder / "published.toml", {*manifest.cases, *manifest.fits})
    return Loaded(folder, manifest, figures)
