"""Runs the real command line, in a folder of its own, on the control alone: it takes seconds."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Cli:
    """The command line with its own cache, so that a test run never meets a user's environments."""

    folder: Path
    cache: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of a call."""
        own = {"ORCHESTRATOR_BENCH_CACHE": str(self.cache), "COLUMNS": "200"}
        return {**os.environ, **own, "PYTHONPATH": str(ROOT)}

    def start(self, *argv: str) -> subprocess.Popen[str]:
        """Start ``bench`` with these arguments."""
        return subprocess.Popen(
            [sys.executable, "-m", "bench", *argv],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run ``bench`` with these arguments to its end."""
        process = self.start(*argv)
        stdout, stderr = process.communicate(timeout=300)
        return subprocess.CompletedProcess(argv, process.returncode, stdout, stderr)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a cache in which environments are made once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def cli(tmp_path: Path, cache: Path) -> Cli:
    """Give the command line in an empty folder."""
    return Cli(tmp_path, cache)


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """Give a result set of the control on all quick cases, made once. Treat it as read-only."""
    folder = tmp_path_factory.mktemp("measured")
    done = Cli(folder, cache)("run", "--tool", "control", "--scenario", "reference,startup", "--output", "set")
    assert done.returncode == 0, done.stderr
    return folder / "set"


@pytest.fixture
def tool(tmp_path: Path) -> Callable[[str], Path]:
    """Give a maker of small adapters that work: the twin under another name."""

    def make(name: str) -> Path:
        folder = tmp_path / "adapters" / name
        shutil.copytree(ROOT / "adapters" / "twin", folder, ignore=shutil.ignore_patterns("__pycache__"))
        manifest = folder / "adapter.toml"
        text = manifest.read_text().replace('name = "twin"', f'name = "{name}"')
        manifest.write_text(text.replace('role = "twin"\n', ""))
        adapter = folder / "adapter.py"
        adapter.write_text(adapter.read_text().replace("import time\n", ""))
        return folder

    return make
