"""Evidence reads the same from an archive for each attempt, from the one of a published set, and from a bundle."""

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

from bench.errors import StoreError
from bench.store.evidence import Evidence, name_of
from bench.store.publishing import publish, unpack
from bench.store.result_set import Store
from tests.unit.facts import attempt, trial
from tests.unit.sets import stored

SAME = b"the same in both\n" * 100
LARGE = os.urandom(3000)


def recorded(store: Store, block: int, files: dict[str, bytes]) -> str:
    """Measure an attempt that leaves these files; return its name."""
    of = trial(block=block)
    working = store.begin(of.key)
    for path, data in files.items():
        (working.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (working.folder / path).write_bytes(data)
    store.append(attempt(of, evidence=working.keep()))
    return working.name


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give a set of two attempts that left the same log, and each something else."""
    store = stored(tmp_path / "set")
    recorded(store, 0, {"0-fresh/stdout.txt": SAME, "0-fresh/large.bin": LARGE, "page/a.html": b"<b>"})
    recorded(store, 1, {"0-fresh/stdout.txt": SAME, "0-fresh/stderr.txt": b""})
    return store


NAMES = ("tool-startup-hello-0-1", "tool-startup-hello-1-1")


def contents(folder: Path) -> dict[tuple[str, str], bytes]:
    evidence = Evidence(folder)
    return {
        (name, path): evidence.read(name, path)
        for name in evidence.attempts()
        for path in evidence.files(name)
    }


def test_all_forms_say_the_same(store: Store, tmp_path: Path) -> None:
    """Also a form that was made of another one."""
    known = contents(store.folder)
    assert {name for name, _ in known} == set(NAMES)
    assert known[NAMES[0], "page/a.html"] == b"<b>"
    publish(store, tmp_path / "published")
    unpack(store, tmp_path / "bundle")
    unpack(Store(tmp_path / "published"), tmp_path / "again")
    publish(Store(tmp_path / "bundle"), tmp_path / "twice")
    for form in ("published", "bundle", "again", "twice"):
        assert contents(tmp_path / form) == known, form
        assert list(Store(tmp_path / form).read()) == list(store.read())
    assert (tmp_path / "twice" / "evidence.zip").read_bytes() == (
        tmp_path / "published" / "evidence.zip"
    ).read_bytes()


def test_a_published_set_is_a_few_files_and_has_each_content_once(store: Store, tmp_path: Path) -> None:
    """And an index of what it is of."""
    publish(store, tmp_path / "published")
    assert sorted(path.name for path in (tmp_path / "published").iterdir()) == [
        "evidence.zip", "manifest.json", "records.jsonl",
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "published" / "evidence.zip") as archive:
        assert archive.namelist().count(f"blobs/{hashlib.sha256(SAME).hexdigest()}") == 1
        assert len(archive.namelist()) == len(set(archive.namelist())) == 5


def test_what_is_too_large_is_listed_with_its_size_and_hash(store: Store, tmp_path: Path) -> None:
    """Also when what was published is published again."""
    publish(store, tmp_path / "published", largest=2500)
    publish(Store(tmp_path / "published"), tmp_path / "again")
    for form in ("published", "again"):
        evidence = Evidence(tmp_path / form)
        file = evidence.files(NAMES[0])["0-fresh/large.bin"]
        assert (file.kept, file.size, file.sha256) == (False, 3000, hashlib.sha256(LARGE).hexdigest())
        with pytest.raises(
            StoreError, match=f"too large to be published: 3000 bytes, SHA-256 {file.sha256}"
        ):
            evidence.read(NAMES[0], "0-fresh/large.bin")


def test_a_resumed_published_set_goes_on_with_the_next_number(store: Store, tmp_path: Path) -> None:
    """And both forms are read side by side."""
    published = publish(store, tmp_path / "published")
    assert recorded(Store(published.folder), 0, {"0-fresh/stdout.txt": b"new"}) == "tool-startup-hello-0-2"
    assert len(Evidence(published.folder).attempts()) == 3


def test_a_page_in_a_bundle_is_text_for_a_browser(store: Store, tmp_path: Path) -> None:
    """Its name ends so that no host sends it as a page."""
    unpack(store, tmp_path / "bundle")
    names = sorted(path.name for path in (tmp_path / "bundle").glob("evidence/*/*/*"))
    assert names == ["a.html.txt", "large.bin", "stderr.txt", "stdout.txt", "stdout.txt"]


def test_only_regular_files_are_packed(store: Store, tmp_path: Path) -> None:
    """No link is followed, no FIFO waited for, and the same files make the same archive."""
    made = []
    for block in (7, 8):
        working = store.begin(trial(block=block).key)
        (tmp_path / "private").write_text("private")
        for name in ("b.txt", "a.txt") if block == 7 else ("a.txt", "b.txt"):
            (working.folder / name).write_text("kept")
        (working.folder / os.fsdecode(b"\xff.txt")).write_text("odd")
        (working.folder / "link").symlink_to(tmp_path / "private")
        (working.folder / "folder").symlink_to(tmp_path)
        os.mkfifo(working.folder / "fifo")
        made.append(store.folder / working.keep())
        assert not working.folder.exists()
    assert list(Evidence(store.folder).files(made[0].stem)) == ["a.txt", "b.txt", "\\xff.txt"]
    assert made[0].read_bytes() == made[1].read_bytes()


@pytest.mark.parametrize(
    "evidence",
    [
        "javascript:alert(1)",
        "evidence/../../x-1.zip",
        "/etc/a-1.zip",
        "evidence/a-1.zip/b",
        "evidence/<b>-1.zip",
        "",
    ],
)
def test_a_record_that_names_no_archive_names_nothing(evidence: str) -> None:
    """A hostile set gets no link out of its folder."""
    assert name_of(evidence) == ""


def test_hostile_archives_are_told_in_one_line(store: Store, tmp_path: Path) -> None:
    """Names that lead outside, garbled data, an index that is none, links out of a bundle."""
    hostile = tmp_path / "hostile"
    (hostile / "evidence").mkdir(parents=True)
    with zipfile.ZipFile(hostile / "evidence" / "a-1.zip", "w") as archive:
        archive.writestr("../../outside.txt", "x")
    whole = (store.folder / "evidence" / f"{NAMES[0]}.zip").read_bytes()
    (hostile / "evidence" / "b-1.zip").write_bytes(whole[:60] + b"\0" * 40 + whole[100:])
    (hostile / "evidence" / "c-1.zip").write_bytes(whole[: len(whole) // 2])
    for name, path in (
        ("a-1", "../../outside.txt"),
        ("b-1", "0-fresh/large.bin"),
        ("c-1", "x"),
        ("../x-1", "y"),
    ):
        with pytest.raises(StoreError) as caught:
            Evidence(hostile).read(name, path)
        assert "\n" not in str(caught.value)
    for index in ("[]", "{", json.dumps({"attempts": {"d-1": {"../x": {"size": 1}}}, "largest": 1})):
        (hostile / "evidence" / "index.json").write_text(index)
        with pytest.raises(StoreError, match=r"index\.json cannot be read"):
            Evidence(hostile).attempts()
    (tmp_path / "private").write_text("private")
    (hostile / "evidence" / "d-1").mkdir()
    (hostile / "evidence" / "d-1" / "log").symlink_to(tmp_path / "private")
    (hostile / "evidence" / "index.json").write_text(
        json.dumps({"attempts": {"d-1": {"log": {"size": 7}}}, "largest": 9})
    )
    with pytest.raises(StoreError, match="cannot be read"):
        Evidence(hostile).read("d-1", "log")
