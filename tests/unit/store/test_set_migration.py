"""A result set of format 1 becomes one of the present format, with every record and log."""

import errno
from pathlib import Path

import pytest

from bench.contract.records import Attempt, Check
from bench.errors import StoreError
from bench.store import set_migration
from bench.store.evidence import Evidence
from bench.store.result_set import Store
from bench.store.set_migration import migrate
from tests.unit.facts import chain
from tests.unit.store.format_1 import written


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give a set of format 1."""
    return written(tmp_path / "old", {"chain": chain().as_json()})


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_every_record_and_log_is_there(old: Path, tmp_path: Path) -> None:
    """In the new words; what was written over names nothing, what no record names is kept too."""
    before = files(old)
    assert migrate(old, tmp_path / "new") == old
    assert files(old) == before
    store = Store(tmp_path / "new")
    assert store.read_manifest().profile == "smoke"
    records = list(store.read())
    attempts = [one for one in records if isinstance(one, Attempt)]
    assert [one.evidence.removeprefix("evidence/") for one in attempts] == [
        "", "control0123456789-1.zip", "control0123456789-2.zip", "twin0123456789-1.zip", "",
    ]  # fmt: skip
    assert [run.role for one in attempts for run in one.runs] == ["fresh", "untraced", "fresh"]
    assert attempts[3].trial.target.tool == "aa"
    assert isinstance(records[-1], Check)
    evidence = Evidence(store.folder)
    assert len(evidence.attempts()) == 4
    assert evidence.read("control0123456789-2", "0-bare/stdout.txt") == b"control 2 stdout.txt"
    assert evidence.read("twin0123456789-7", "0-x/stderr.txt") == b"twin 7 stderr.txt"
    assert (store.folder / "notes.txt").read_text() == "mine"
    assert (store.folder / "manifest-1.json").is_file()


def test_without_an_output_it_takes_the_place_of_the_old_one(old: Path) -> None:
    """Which stands beside it, as it was."""
    before = files(old)
    aside = migrate(old, None)
    assert aside == old.with_name("old.format-1")
    assert files(aside) == before
    assert Store(old).read_manifest().format == 2
    assert sorted(path.name for path in old.parent.iterdir()) == ["old", "old.format-1"]


def test_a_new_attempt_gets_a_number_of_its_own(old: Path) -> None:
    """After the greatest that there was."""
    migrate(old, None)
    assert Store(old).begin("control0123456789").name == "control0123456789-3"
    assert Store(old).begin("twin0123456789").name == "twin0123456789-2"


@pytest.mark.parametrize("when", ["full", "garbled", "not a record"])
def test_what_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """And leaves nothing behind."""
    if when == "full":

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(set_migration, "pack", full)
    else:
        line = b"{garbled\n" if when == "garbled" else b'{"type": "attempt"}\n'
        (old / "records.jsonl").write_bytes(line)
    before = files(old)
    with pytest.raises(StoreError) as caught:
        migrate(old, None)
    assert "\n" not in str(caught.value)
    assert files(old) == before
    assert [path.name for path in old.parent.iterdir()] == ["old"]


def test_only_format_1_is_migrated(old: Path) -> None:
    """A set of the present format is told to be one."""
    migrate(old, None)
    with pytest.raises(StoreError, match="is there already"):
        migrate(old, None)
    old.with_name("old.format-1").rename(old.with_name("kept"))
    with pytest.raises(StoreError, match="has format 2; only format 1 is migrated"):
        migrate(old, None)


def test_a_migration_that_was_killed_between_its_two_renames_is_told(old: Path) -> None:
    """Nothing is lost, and one command puts it right."""
    old.rename(old.with_name("old.format-1"))
    with pytest.raises(StoreError, match=r"was killed at its last step; rename .*old.format-1 to it"):
        migrate(old, None)


def test_links_in_the_evidence_are_not_followed(old: Path, tmp_path: Path) -> None:
    """Neither of a folder nor of a file."""
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "stdout.txt").write_text("private")
    (old / "evidence" / "control0123456789" / "2" / "0-bare" / "link").symlink_to(
        tmp_path / "private" / "stdout.txt"
    )
    (old / "evidence" / "twin0123456789").rename(tmp_path / "moved")
    (old / "evidence" / "twin0123456789").symlink_to(tmp_path / "moved")
    migrate(old, tmp_path / "new")
    evidence = Evidence(tmp_path / "new")
    assert evidence.attempts() == ["control0123456789-1", "control0123456789-2"]
    assert "link" not in str(evidence.files("control0123456789-2"))
