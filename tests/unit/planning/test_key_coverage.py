"""What a trial's key covers: one file of each kind is changed, and the key changes or stays."""

import shutil
from pathlib import Path

import pytest

from bench.contract import adapter_loading, scenario
from bench.planning.schedule import measuring_digest
from tests.command_line import ROOT


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Give a copy of bench."""
    return copied(ROOT / "bench", tmp_path)


def copied(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / folder.name, ignore=shutil.ignore_patterns("__pycache__")))


def change(path: Path) -> None:
    """Add a line to a file that exists."""
    path.write_text(path.read_text() + "\n# changed\n")


@pytest.mark.parametrize(
    "file",
    [
        "contract/pipeline.py",
        "contract/launchpad.py",
        "contract/codegen/source.py",
        "environments/pipeline_catalog.py",
        "host/redaction.py",
        "host/machine.py",
        "execution/driver.py",
        "execution/no_network.py",
        "execution/services/object_store.py",
        "execution/tracing/hook/sitecustomize.py",
    ],
)
def test_what_executes_and_what_adapters_are_written_against_is_in_every_key(
    package: Path, file: str
) -> None:
    """The packages are hashed as a whole, so that no module can be forgotten."""
    before = measuring_digest(package)
    change(package / file)
    assert measuring_digest(package) != before


@pytest.mark.parametrize(
    "file",
    [
        "judging/verdicts.py",
        "scoring/scores.py",
        "report/html.py",
        "statistics/intervals.py",
        "planning/schedule.py",
        "commands/app.py",
    ],
)
def test_what_only_plans_judges_or_shows_is_in_no_key(package: Path, file: str) -> None:
    """A corrected rule judges old facts again, without a run."""
    before = measuring_digest(package)
    change(package / file)
    assert measuring_digest(package) == before


@pytest.mark.parametrize(
    ("name", "file", "same"),
    [
        ("caching", "scenario.py", False),
        ("caching", "cases.py", False),  # the steps and the rules share it
        ("caching", "verdict.py", True),
        ("customization", "checks.py", True),  # only the rules import it
        ("metadata", "checks.py", True),
        ("metadata", "questions.py", False),
        ("deployment", "store/requirements.in", False),
        ("development", "_notebook.py", False),
        ("overhead", "scenario.toml", True),
        ("overhead", "published.toml", True),
    ],
)
def test_of_a_scenario_what_runs_is_in_its_keys(
    tmp_path: Path, name: str, file: str, *, same: bool
) -> None:
    """Files that only ``verdict.py`` imports are left out."""
    folder = copied(scenario.find(name), tmp_path)
    before = scenario.load(folder).digest
    change(folder / file)
    assert (scenario.load(folder).digest == before) == same


@pytest.mark.parametrize(
    ("file", "same"),
    [
        ("adapter.py", False),
        ("probe.py", False),
        ("adapter.toml", False),
        ("export.py", False),  # what it writes is stored as facts: entry points, steps to a remote run
        ("launchpad/requirements.in", False),
        ("README.md", True),
        ("facts.toml", True),
        ("changes/cache.toml", True),  # in the key of that case alone
    ],
)
def test_of_an_adapter_what_changes_a_fact_is_in_its_keys(tmp_path: Path, file: str, *, same: bool) -> None:
    """Documentation, answers and costs change none."""
    folder = copied(ROOT / "adapters" / "kedro", tmp_path)
    before = adapter_loading.load(folder).digest
    change(folder / file)
    assert (adapter_loading.load(folder).digest == before) == same
