"""What a run has left is walked, read and removed whatever it is."""

import os
import socket
import stat
from pathlib import Path

import pytest

from bench.host import untrusted_files


def nest(folder: Path, depth: int) -> None:
    """Make folders in one another, deeper than any path can say, and a file in the last."""
    folder.mkdir(exist_ok=True)
    within = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=within)
        inner = os.open("d", os.O_RDONLY, dir_fd=within)
        os.close(within)
        within = inner
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=within))
    os.close(within)


@pytest.mark.parametrize("depth", [1_500, 5_000])
def test_folders_of_any_depth_are_walked_and_removed(tmp_path: Path, depth: int) -> None:
    """Neither recursion nor the longest path that the system takes ends it."""
    nest(tmp_path / "deep", depth)
    unread: list[str] = []
    found = [
        path for path, _ in untrusted_files.walk(tmp_path / "deep", lambda folder, _: unread.append(folder))
    ]
    assert len(found) + len(unread) == 1
    assert untrusted_files.size(tmp_path / "deep") == 0
    assert untrusted_files.remove(tmp_path / "deep") == []
    assert not (tmp_path / "deep").exists()


def test_what_nobody_may_write_to_is_removed_and_no_link_is_followed(tmp_path: Path) -> None:
    """A folder without any right, links out of it and to nowhere, a FIFO, a socket."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    left = tmp_path / "left"
    shut = left / "shut"
    shut.mkdir(parents=True)
    (shut / "file").touch()
    (left / "out").symlink_to(kept)
    (left / "nowhere").symlink_to("nowhere at all")
    os.mkfifo(left / "fifo")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(left / "s"))
    shut.chmod(0)
    assert untrusted_files.remove(left) == []
    assert not left.exists()
    assert (kept / "file").exists()


def test_what_cannot_be_removed_is_told_and_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an immutable file, or a folder on which something is mounted; all else is gone."""
    for name in ("first", "stuck", "third"):
        (tmp_path / "left" / name).mkdir(parents=True)
        (tmp_path / "left" / name / "file").touch()
    moves = os.rename

    def rename(name: str, target: str, **given: int) -> None:
        if name == "stuck":
            raise OSError(16, os.strerror(16))
        moves(name, target, **given)

    monkeypatch.setattr(os, "rename", rename)
    left = untrusted_files.remove(tmp_path / "left")
    assert left == [f"{tmp_path}/left/stuck: Device or resource busy"]
    assert sorted(path.name for path in (tmp_path / "left").iterdir()) == ["stuck"]


def test_a_file_a_link_and_nothing_are_removed_too(tmp_path: Path) -> None:
    """Whatever stands in the place of a folder."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link", "nothing"):
        assert untrusted_files.remove(tmp_path / name) == []
    assert not list(tmp_path.iterdir())


def test_only_files_are_read_and_nobody_is_waited_for(tmp_path: Path) -> None:
    """A FIFO that nobody writes to, a device, a socket, a link, a folder, a file that is too large."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("/etc/hostname")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(100_000_000_000)
    told: dict[str, str] = {}
    for path in (*tmp_path.iterdir(), Path("/dev/zero")):
        with pytest.raises(untrusted_files.OddFileError) as caught:
            untrusted_files.read(path)
        told[path.name] = str(caught.value.strerror)
    assert told.pop("sparse").startswith("100000000000 bytes, more than")
    assert told == {
        "fifo": "a FIFO", "link": "a link", "folder": "a folder", "socket": "a socket",
        "zero": "a character device",
    }  # fmt: skip


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    """All of its bytes, up to the limit, with its hash."""
    (tmp_path / "file").write_bytes(b"abc")
    assert untrusted_files.read(tmp_path / "file", 3) == b"abc"
    assert untrusted_files.digest(tmp_path / "file", 3).startswith("ba7816bf")
    with pytest.raises(untrusted_files.OddFileError):
        untrusted_files.read(tmp_path / "file", 2)
    assert stat.S_ISREG((tmp_path / "file").stat().st_mode)
