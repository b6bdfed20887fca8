"""A small file system for one trial, which can fill up or become read-only at a known moment.

It is a tmpfs in a separate mount namespace. Only the thread that made it and the processes that this thread starts
are in the namespace. So no other process sees it, and it disappears with them, even if bench is killed.
"""

import ctypes
import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.contract.adapter import Sandbox

__all__ = ["SmallDisk", "refused", "under"]

CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT = 0x1, 0x2, 0x4, 0x20
MS_BIND, MS_REC, MS_SLAVE = 0x1000, 0x4000, 0x80000
MNT_DETACH = 0x2
HARMLESS = MS_NOSUID | MS_NODEV
WRITING = os.O_WRONLY | os.O_RDWR
FOLDERS = ("home", "tmp", "project", "state")
"""Folders to which a tool writes; results, input and trace stay on the machine's own file system."""


class SmallDisk:
    """A mounted tmpfs of ``size`` bytes at ``place``, an empty folder. Raises OSError if mounting is not allowed.

    Only the thread that made it may call its methods.
    """

    def __init__(self, place: Path, size: int) -> None:
        self.place = place
        self._stacked = False
        _call("unshare", CLONE_NEWNS)
        # Later mounts of other namespaces appear here; mounts here do not appear elsewhere.
        _mount(None, Path("/"), None, MS_REC | MS_SLAVE)
        _mount("tmpfs", place, "tmpfs", HARMLESS, f"size={size},mode=0700")

    def refuses(self, size: int) -> str | None:
        """Return the error of writing a new file of ``size`` bytes, as ``ENOSPC``; None if it succeeds."""
        attempt = self.place / "attempt"
        try:
            attempt.write_bytes(bytes(size))
        except OSError as error:
            return errno.errorcode.get(error.errno or 0, str(error))
        finally:
            if attempt.exists():
                attempt.unlink()
        return None

    def freeze(self) -> list[str]:
        """Make the disk read-only: no file can be opened for writing, made or removed. Raises OSError.

        Returns the files that were open for writing and can still be written. The kernel refuses to make a file
        system with such files read-only; then a read-only mount covers it.
        """
        try:
            _mount(None, self.place, None, MS_REMOUNT | MS_BIND | MS_RDONLY | HARMLESS)
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
        else:
            return []
        found = _open_for_writing(self.place)
        _mount(str(self.place), self.place, None, MS_BIND)
        self._stacked = True
        _mount(None, self.place, None, MS_REMOUNT | MS_BIND | MS_RDONLY | HARMLESS)
        return found

    def thaw(self) -> None:
        """Make the disk writable again. Raises OSError."""
        if self._stacked:
            _call("umount2", os.fsencode(self.place), MNT_DETACH)
            self._stacked = False
        else:
            _mount(None, self.place, None, MS_REMOUNT | MS_BIND | HARMLESS)

    def unmount(self) -> None:
        """Remove the disk with its content, even if processes still use it."""
        for _ in range(1 + self._stacked):
            _call("umount2", os.fsencode(self.place), MNT_DETACH)


def under(sandbox: Sandbox, size: int) -> tuple[SmallDisk, Sandbox]:
    """Return a small disk, and the sandbox with its empty folders on it. Raises OSError."""
    place = sandbox.root / "disk"
    place.mkdir()
    disk = SmallDisk(place, size)
    for name in FOLDERS:
        (place / name).mkdir()
    return disk, replace(sandbox, **{name: place / name for name in FOLDERS})


def refused(error: OSError) -> str:
    """Return why a small disk cannot be made, and what to do."""
    return (
        f"no file system can be mounted here ({error.strerror}); as root it can, or where bench is started "
        "by: unshare --user --map-root-user --mount ./run bench"
    )


def _open_for_writing(place: Path) -> list[str]:
    """Return the files below ``place`` that any process has open for writing, by relative path."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = link.readlink()
            info = (link.parents[1] / "fdinfo" / link.name).read_text()
        except OSError:  # The process has ended, or belongs to another user.
            continue
        flags = int(info.partition("flags:")[2].split()[0], 8)
        if target.is_relative_to(place) and flags & WRITING:
            found.add(str(target.relative_to(place)))
    return sorted(found)


def _mount(source: str | None, place: Path, kind: str | None, flags: int, data: str = "") -> None:
    texts = (source, str(place), kind)
    encoded = [None if text is None else os.fsencode(text) for text in texts]
    _call("mount", *encoded, ctypes.c_ulong(flags), data.encode())


def _call(name: str, *arguments: Any) -> None:
    """Call a function of the C library. Raises OSError with its error."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
