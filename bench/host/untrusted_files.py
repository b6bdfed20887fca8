"""Walks, reads and removes what a run has left: files of any depth, kind and size."""

import contextlib
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["OddFileError", "digest", "open_regular", "read", "remove", "size", "walk"]

PIECE = 1 << 20
"""Bytes that are read at once."""
LOG_BYTES = 300_000_000
"""Default for the largest file that is read, in bytes; it is above the limit for a run's output."""
TOLD = 20
"""Number of items that are named when they cannot be removed; there may be many."""
KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISBLK, "a block device"),
)


class OddFileError(OSError):
    """A path that should be a file has another kind or is too large."""


def kind(mode: int) -> str:
    """Return the kind of a file with this mode, in words."""
    return next((name for test, name in KINDS if test(mode)), "a file")


def walk(
    root: Path, unread: Callable[[str, OSError], None] = lambda *_: None
) -> Iterator[tuple[str, os.stat_result]]:
    """Yield path and status of everything below a folder, except folders, without following links.

    unread: called with each folder that cannot be listed, for example because its path is too long.
    """
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError as error:
            unread(folder, error)
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    yield entry.path, entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # It was removed meanwhile.
            except OSError as error:
                unread(entry.path, error)


def size(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder. A file with several hard links counts for each."""
    try:
        status = path.lstat()
    except OSError:
        return 0
    if not stat.S_ISDIR(status.st_mode):
        return status.st_size
    return sum(found.st_size for _, found in walk(path))


@contextlib.contextmanager
def open_regular(path: str | Path, most: int = LOG_BYTES) -> Iterator[BinaryIO]:
    """Open a file for reading, without blocking. Raises OSError.

    Raises OddFileError for a link, a FIFO, a device or a socket, and for more than ``most`` bytes.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise OddFileError(error.errno, kind(os.lstat(path).st_mode), str(path)) from error
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OddFileError(errno.EINVAL, kind(status.st_mode), str(path))
        if status.st_size > most:
            reason = f"{status.st_size} bytes, more than the {most} that are read"
            raise OddFileError(errno.EFBIG, reason, str(path))
    except OddFileError:
        os.close(descriptor)
        raise
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor has no path
        yield file


def read(path: Path, most: int = LOG_BYTES) -> bytes:
    """Return the bytes of a file. Raises OSError as :func:`open_regular`."""
    with open_regular(path, most) as file:
        return file.read(most)


def digest(path: str | Path, most: int) -> str:
    """Return the SHA-256 of a file, read in pieces. Raises OSError as :func:`open_regular`."""
    hasher = hashlib.sha256()
    with open_regular(path, most) as file:
        while piece := file.read(PIECE):
            hasher.update(piece)
    return hasher.hexdigest()


def remove(path: Path) -> list[str]:
    """Remove a file, a link or a folder with its content; return what is left, each with the reason.

    Each folder is moved up to the top before it is emptied, so no path becomes too long for the system. A folder
    that is a mount point cannot be moved, so its content is not removed.
    """
    try:
        if not stat.S_ISDIR(path.lstat().st_mode):
            path.unlink()
            return []
    except FileNotFoundError:
        return []
    except OSError as error:
        return [f"{path}: {error.strerror}"]
    left: list[str] = []
    try:
        top = _open_folder(str(path), None)
    except OSError as error:
        return [f"{path}: {error.strerror}"]
    try:
        _empty(path, top, left)
    finally:
        os.close(top)
    if not left:
        try:
            path.rmdir()
        except OSError as error:
            left.append(f"{path}: {error.strerror}")
    more = len(left) - TOLD
    return left if more <= 0 else [*left[:TOLD], f"and {more} more in {path}"]


def _empty(path: Path, top: int, left: list[str]) -> None:
    """Remove the content of a folder, open as ``top``; add what cannot be removed to ``left``."""
    mark = f".removing-{secrets.token_hex(4)}-"
    waiting: list[str] = []
    moved = _take_up(path, "", top, top, mark, 0, waiting, left)
    while waiting:
        name = waiting.pop()
        try:
            folder = _open_folder(name, top)
        except OSError as error:
            left.append(f"{path / name}: {error.strerror}")
            continue
        try:
            moved = _take_up(path, name, folder, top, mark, moved, waiting, left)
        finally:
            os.close(folder)
        try:
            os.rmdir(name, dir_fd=top)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:  # Otherwise ``left`` already names what is in it.
                left.append(f"{path / name}: {error.strerror}")


def _take_up(
    path: Path, name: str, folder: int, top: int, mark: str, moved: int, waiting: list[str], left: list[str]
) -> int:
    """Remove the files of one folder and move its folders up to the top; return how many were moved so far."""
    with os.scandir(folder) as found:
        entries = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
    for entry, is_folder in entries:
        try:
            if is_folder:
                os.rename(entry, f"{mark}{moved}", src_dir_fd=folder, dst_dir_fd=top)
                waiting.append(f"{mark}{moved}")
                moved += 1
            else:
                os.unlink(entry, dir_fd=folder)
        except OSError as error:
            left.append(f"{path / name / entry}: {error.strerror}")
    return moved


def _open_folder(name: str, within: int | None) -> int:
    """Open a folder and make it writable for its owner if needed. Raises OSError."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(name, flags, dir_fd=within)
    except PermissionError:
        os.chmod(name, stat.S_IRWXU, dir_fd=within)
        return os.open(name, flags, dir_fd=within)
    if not os.fstat(descriptor).st_mode & stat.S_IWUSR:
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, stat.S_IRWXU)
    return descriptor
