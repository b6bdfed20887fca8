"""The manifest of a result set: there at any time, kept when a run is resumed, told when it is of another format."""

import errno
import os
from pathlib import Path

import pytest

from bench.contract.records import FORMAT
from bench.errors import StoreError
from bench.store.result_set import Store
from tests.unit.facts import attempt
from tests.unit.sets import stored


def test_a_full_disk_leaves_the_manifest_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At whichever call it shows."""
    store = stored(tmp_path, attempt())
    before = store.read_manifest()

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    real = os.open

    def full_for_new_files(path: str, flags: int, *more: object, **named: object) -> int:
        return full() if flags & os.O_EXCL else real(path, flags, *more, **named)  # type: ignore[arg-type]

    for call in ("open", "fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, call, full_for_new_files if call == "open" else full)
            with pytest.raises(StoreError, match="No space left on device"):
                store.create(before)
        assert store.read_manifest() == before
        assert len(list(store.read())) == 1
        assert not list(tmp_path.glob(".*"))


def test_where_a_file_can_have_one_name_only_the_manifest_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on some network file systems."""
    store = stored(tmp_path, attempt(), profile="quick")

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    store.create(store.read_manifest())
    assert (tmp_path / "manifest-1.json").read_bytes() == store.manifest.read_bytes()


@pytest.mark.parametrize("name", ["manifest.json", "records.jsonl"])
def test_a_fifo_in_the_place_of_a_file_is_told(tmp_path: Path, name: str) -> None:
    """Nobody waits for it."""
    store = stored(tmp_path, attempt())
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    with pytest.raises(StoreError, match="no regular file"):
        [store.read_manifest(), *store.read()]


def test_each_earlier_manifest_is_kept(tmp_path: Path) -> None:
    """In the order in which they were written, each once."""
    store = stored(tmp_path, attempt(), profile="quick")
    store.create(stored(tmp_path / "other", attempt(), profile="thorough").read_manifest())
    store.create(stored(tmp_path / "third", attempt(), profile="smoke").read_manifest())
    kept = [path.name for path in sorted(tmp_path.glob("manifest-*.json"))]
    assert kept == ["manifest-1.json", "manifest-2.json"]
    assert '"quick"' in (tmp_path / "manifest-1.json").read_text()
    assert store.read_manifest().profile == "smoke"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"format": 1, "cells": []}',
            "has format 1, of an older bench; convert it to format 2 with: bench migrate ",
        ),
        (
            '{"format": 99, "new": true}',
            f"has format 99, this bench reads up to {FORMAT}; use the newer bench",
        ),
        ('{"format": "x"}', "cannot be read"),
        ("{}", "cannot be read"),
    ],
)
def test_a_set_of_another_format_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    """Whatever else its manifest has."""
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(StoreError) as caught:
        Store(tmp_path).read_manifest()
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
