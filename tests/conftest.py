"""What several kinds of tests share: one cache of environments, and one measured result set."""

import shutil
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from tests import shared
from tests.command_line import ROOT, Cli


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove what the workers shared, in the process that started them."""
    if not hasattr(session.config, "workerinput"):
        shared.forget()


# A busy machine makes no test fail: times are asserted in benchmarks alone.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def cache() -> Path:
    """Give a cache in which environments are made once for all tests."""
    return shared.once("cache", lambda _: None)


@pytest.fixture
def cli(tmp_path: Path, cache: Path) -> Cli:
    """Give the command line in an empty folder."""
    return Cli(tmp_path, cache)


@pytest.fixture(scope="session")
def measured(cache: Path) -> Path:
    """Give a result set of the control on all quick cases, made once. Treat it as read-only."""

    def make(folder: Path) -> None:
        argv = ("run", "--tool", "control", "--scenario", "reference,startup", "--output", "set")
        done = Cli(folder, cache)(*argv)
        assert done.returncode == 0, done.stderr

    return shared.once("measured", make) / "set"


@pytest.fixture
def tool(tmp_path: Path) -> Callable[[str], Path]:
    """Give a maker of small adapters that work: the A/A check under another name."""

    def make(name: str) -> Path:
        folder = tmp_path / "adapters" / name
        shutil.copytree(ROOT / "adapters" / "aa", folder, ignore=shutil.ignore_patterns("__pycache__"))
        manifest = folder / "adapter.toml"
        text = manifest.read_text().replace('name = "aa"', f'name = "{name}"')
        manifest.write_text(text.replace('role = "aa check"\n', ""))
        adapter = folder / "adapter.py"
        adapter.write_text(adapter.read_text().replace("import time\n", ""))
        return folder

    return make
