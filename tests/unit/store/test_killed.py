"""A writer is killed at each step: no finished attempt is lost, and a resumed run goes on."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bench.contract.records import Attempt
from bench.store.evidence import Evidence, name_of
from bench.store.result_set import Store
from tests.command_line import ROOT
from tests.unit.facts import attempt, trial
from tests.unit.sets import stored


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give the sets of a writer that was killed at each of its steps; the last one was not."""
    folder = tmp_path_factory.mktemp("killed")
    manifest = msgspec.json.encode(stored(folder / "model", attempt()).read_manifest()).decode()
    argv = [sys.executable, "-m", "tests.unit.store.killing", str(folder), manifest]
    subprocess.run(argv, cwd=ROOT, check=True)
    return sorted(
        (path for path in folder.iterdir() if path.name.isdecimal()), key=lambda one: int(one.name)
    )


def finished(folder: Path) -> list[str]:
    """Return what the writer knew to be on disk."""
    return folder.with_name(f"{folder.name}.done").read_text().splitlines()


def attempts(store: Store) -> list[Attempt]:
    return [record for record in store.read() if isinstance(record, Attempt)]


def test_each_step_is_killed_once(killed: list[Path]) -> None:
    """From before the manifest to after the last record."""
    assert len(killed) > 60
    assert [len(finished(killed[place])) for place in (1, -1)] == [0, 3]


def test_no_finished_attempt_is_lost(killed: list[Path]) -> None:
    """The manifest is there at any time, and each record has its logs."""
    for folder in killed:
        store = Store(folder)
        assert store.read_manifest().profile == "standard"
        known = attempts(store)
        assert {one.evidence for one in known} >= {one for one in finished(folder) if one != "manifest"}
        for one in known:
            name = name_of(one.evidence)
            assert Evidence(folder).read(name, "0-fresh/stdout.txt") == f"said by {name}".encode()


def test_a_resumed_run_overwrites_nothing_and_sweeps_what_was_left(killed: list[Path]) -> None:
    """A number is never used again, whether its attempt has a record or not."""
    for folder in killed:
        before = {path: path.read_bytes() for path in folder.glob("evidence/*.zip")}
        store = Store(folder)
        known = len(attempts(store))
        store.create(store.read_manifest())
        assert not list(folder.glob("working/*"))
        assert not [*folder.glob(".*.part"), *folder.glob("evidence/.*.part")]
        working = store.begin(trial().key)
        archive = folder / working.keep()
        assert archive not in before
        store.append(attempt(number=3, evidence=f"evidence/{archive.name}"))
        assert {path: path.read_bytes() for path in before} == before
        assert len(attempts(store)) == known + 1
