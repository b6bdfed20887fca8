"""Whatever is written into a result set stays in it, also where someone has laid links."""

import os
from pathlib import Path

import pytest

from bench.errors import StoreError
from bench.host.safe_write import replacing
from bench.judging.results import read
from bench.report import draw, write
from bench.store.result_set import Store
from tests.unit.facts import attempt, trial
from tests.unit.sets import blocks, stored

WRITTEN = (
    "scorecard.html",
    "scorecard.md",
    "scores.csv",
    "benchmark.json",
    "metrics.parquet",
    "manifest.json",
)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Give a folder with a file of somebody's."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    (place / "mine").write_text("mine")
    return place


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give a small result set."""
    return stored(tmp_path / "set", *blocks(6, control=1.0, one=2.0))


@pytest.mark.parametrize("ending", ["", ".part"])
@pytest.mark.parametrize("name", WRITTEN)
def test_a_link_in_the_place_of_a_file_is_not_followed(
    store: Store, elsewhere: Path, name: str, ending: str
) -> None:
    """It is replaced itself, or left alone."""
    known = store.read_manifest()
    place = store.folder / f"{name}{ending}"
    place.unlink(missing_ok=True)
    place.symlink_to(elsewhere / "mine")
    store.create(known)
    write(store)
    assert (elsewhere / "mine").read_text() == "mine"
    assert not (store.folder / name).is_symlink()
    assert sorted(path.name for path in elsewhere.iterdir()) == ["mine"]


def test_a_link_to_nowhere_makes_no_file_there(store: Store, elsewhere: Path) -> None:
    """Of a page, and of the records."""
    (store.folder / "scorecard.md").symlink_to(elsewhere / "new")
    write(store)
    store.records.unlink()
    store.records.symlink_to(elsewhere / "new")
    with pytest.raises(StoreError, match="it is a link; put the file itself there"):
        store.append(attempt())
    assert not (elsewhere / "new").exists()


@pytest.mark.parametrize("name", ["figures", "evidence", "working"])
def test_a_link_in_the_place_of_a_folder_gets_nothing(store: Store, elsewhere: Path, name: str) -> None:
    """One line says which it is."""
    (store.folder / name).symlink_to(elsewhere)
    (elsewhere / ".mine.part").write_text("mine")
    summary = write(store)
    store.create(store.read_manifest())

    def writing() -> object:
        return draw(store, summary.view) if name == "figures" else store.begin(trial().key).keep()

    with pytest.raises(StoreError, match=f"'{name}' is a link or no folder; remove it"):
        writing()
    (elsewhere / ".mine.part").unlink()
    assert sorted(path.name for path in elsewhere.iterdir()) == ["mine"]


def test_records_are_only_appended_to_a_regular_file(store: Store) -> None:
    """A FIFO makes nobody wait."""
    store.records.unlink()
    os.mkfifo(store.records)
    with pytest.raises(StoreError, match="no regular file"):
        store.append(attempt())


def test_a_set_that_is_named_by_a_link_is_written(store: Store, tmp_path: Path) -> None:
    """Whoever names it means it."""
    (tmp_path / "named").symlink_to(store.folder)
    write(Store(tmp_path / "named"))
    assert read(Store(tmp_path / "named")).judge.trials()
    assert (store.folder / "scorecard.html").is_file()


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """Also if it is interrupted."""
    (tmp_path / "file").write_text("old")

    def interrupted() -> None:
        with replacing(tmp_path, "file") as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "old")]
