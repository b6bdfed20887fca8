"""The store: only appended to, and nothing measured is ever lost."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.contract.records import FORMAT, Attempt, Check, Fault, ResultSet
from bench.errors import StoreError
from bench.store.record_reading import Stored, whole
from bench.store.result_set import Store
from tests.unit.facts import attempt, run, trial


def result_set(**changes: Any) -> ResultSet:
    fields: dict[str, Any] = {
        "format": FORMAT,
        "harness": "0",
        "harness_hash": "h",
        "created": "2026-01-01T00:00:00+00:00",
        "argv": (),
        "profile": "quick",
        "scenarios": (),
        "targets": (),
        "machine": {"processor": "P", "cores": 2, "system": "S"},
        "adapters": {},
    }
    return ResultSet(**{**fields, **changes})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give a new result set."""
    store = Store(tmp_path / "set")
    store.create(result_set())
    return store


def test_records_come_back_as_they_were_in_their_order(store: Store) -> None:
    """Attempts and checks alike."""
    check = Check(scope="suite", subject="s", kind="interim check", ok=True, detail="d")
    written: list[Attempt | Check] = [attempt(), check, attempt(trial(block=1), run(2.0))]
    for record in written:
        store.append(record)
    assert list(store.read()) == written


def test_the_manifest_comes_back_as_it_was(store: Store) -> None:
    """What was asked for is what a resumed run reads."""
    assert store.read_manifest() == result_set()


def test_a_last_line_cut_off_by_a_kill_is_passed_over(store: Store) -> None:
    """What it would have said was never completely on disk."""
    store.append(attempt())
    with store.records.open("ab") as file:
        file.write(b'{"type":"attempt","trial":')
    assert len(list(store.read())) == 1


def test_the_record_after_a_cut_off_line_stands_on_its_own(store: Store) -> None:
    """The torn end is cut off before the next record is written."""
    store.append(attempt())
    with store.records.open("ab") as file:
        file.write(b'{"type":"attempt","trial":')
    store.append(attempt(trial(block=1)))
    blocks = [record.trial.block for record in store.read() if isinstance(record, Attempt)]
    assert blocks == [0, 1]


def test_a_last_line_that_lacks_only_its_end_is_passed_over_too(store: Store) -> None:
    """The next record would take its place: what is read once must stay."""
    store.append(attempt(trial()))
    store.append(attempt(trial(block=1)))
    store.records.write_bytes(store.records.read_bytes().removesuffix(b"\n"))
    (kept,) = store.stored()
    store.append(attempt(trial(block=2)))
    assert isinstance(kept, Stored)
    assert kept.read() == attempt(trial())
    assert list(store.read()) == [attempt(trial()), attempt(trial(block=2))]


def test_a_broken_line_in_the_middle_is_named(store: Store) -> None:
    """It is not passed over in silence."""
    store.append(attempt())
    store.records.write_bytes(b"no record\n" + store.records.read_bytes())
    with pytest.raises(StoreError, match=r"records\.jsonl:1 cannot be read"):
        list(store.read())


def test_an_attempt_can_stay_on_disk_until_it_is_asked_for(store: Store) -> None:
    """What it is of is known before, whether it is a fault too; checks come whole."""
    check = Check(scope="suite", subject="s", kind="interim check", ok=True, detail="d")
    void = attempt(trial(block=1), number=2, fault=Fault(where="disk", reason="full"))
    for record in (attempt(), check, void):
        store.append(record)
    first, between, second = store.stored()
    assert isinstance(first, Stored)
    assert isinstance(second, Stored)
    assert between == check
    assert (first.trial, first.number, first.faulty) == (trial(), 1, False)
    assert (second.trial, second.number, second.faulty) == (trial(block=1), 2, True)
    assert (whole(first), second.read()) == (attempt(), void)


def test_an_attempt_on_disk_is_read_whatever_is_appended_since(store: Store) -> None:
    """A suite goes on writing while what was there before is judged."""
    store.append(attempt())
    (kept,) = store.stored()
    store.append(attempt(trial(block=1)))
    assert isinstance(kept, Stored)
    assert kept.read() == attempt()


def test_a_record_that_is_broken_inside_is_named_when_it_is_read(store: Store) -> None:
    """Though what it is of could be read."""
    store.append(attempt())
    store.records.write_bytes(store.records.read_bytes().replace(b'"role":"fresh"', b'"role":"stale"'))
    (kept,) = store.stored()
    assert isinstance(kept, Stored)
    with pytest.raises(StoreError, match=r"records\.jsonl: the record at byte 0 cannot be read"):
        kept.read()


def test_a_set_without_records_has_none(tmp_path: Path) -> None:
    """It is one that was stopped before its first trial."""
    assert list(Store(tmp_path).stored()) == []


def test_a_folder_without_a_result_set_is_named(tmp_path: Path) -> None:
    """And what to give instead."""
    with pytest.raises(StoreError, match="holds no result set"):
        Store(tmp_path).read_manifest()


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    """Rather than misread."""
    store = Store(tmp_path)
    store.create(result_set(format=FORMAT + 1))
    with pytest.raises(StoreError, match="use the newer bench"):
        store.read_manifest()


def test_a_second_writer_is_kept_out(store: Store) -> None:
    """Two suites in one folder would mix their records."""
    store.lock()
    code = (
        "import sys; from pathlib import Path; from bench.store.result_set import Store\n"
        "try: Store(Path(sys.argv[1])).lock()\n"
        "except Exception as error: print(error)"
    )
    argv = [sys.executable, "-c", code, str(store.folder)]
    answer = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert "another bench is writing" in answer.stdout


def test_a_full_disk_is_said_and_what_was_measured_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line tells how to go on."""
    store = Store(tmp_path)
    store.append(attempt())

    def half(descriptor: int, data: bytes) -> int:
        return real(descriptor, data[: len(data) // 2])

    real = os.write
    monkeypatch.setattr(os, "write", half)
    with pytest.raises(StoreError, match=r"[Nn]o space left.*--resume"):
        store.append(attempt())
    assert list(store.read()) == [attempt()]
