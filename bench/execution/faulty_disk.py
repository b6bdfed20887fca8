"""A small file system of a trial's own: one that fills up, and one that becomes read-only at a known moment.

It is a tmpfs in a mount namespace that only the thread which made it and the processes which that starts are
in. So nobody else sees it, and it is gone with them, also where bench is killed.
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
"""Where a tool writes; results, input and trace stay on the machine's own file system."""


class SmallDisk:
    """A mounted tmpfs of ``size`` bytes at ``place``, an empty folder. Raises OSError where none may be made.

    All methods are for the thread that made it.
    """

    def __init__(self, place: Path, size: int) -> None:
        self.place = place
        self._stacked = False
        _call("unshare", CLONE_NEWNS)
        # What is mounted elsewhere still comes in; what is mounted here does not go out.
        _mount(None, Path("/"), None, MS_REC | MS_SLAVE)
        _mount("tmpfs", place, "tmpfs", HARMLESS, f"size={size},mode=0700")

    def refuses(self, size: int) -> str | None:
        """Return how a new file of ``size`` bytes is refused, as ``ENOSPC``; None where it is taken."""
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
        """Let nothing be opened for writing, made or removed any more. Raises OSError.

        Returns what is written to all the same, because it was open: the kernel lets no file system become
        read-only under it, so then the read-only one lies over the other.
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
        """Let it be written to again. Raises OSError."""
        if self._stacked:
            _call("umount2", os.fsencode(self.place), MNT_DETACH)
            self._stacked = False
        else:
            _mount(None, self.place, None, MS_REMOUNT | MS_BIND | HARMLESS)

    def unmount(self) -> None:
        """Take it away with all that is on it, also from under processes that are still there."""
        for _ in range(1 + self._stacked):
            _call("umount2", os.fsencode(self.place), MNT_DETACH)


def under(sandbox: Sandbox, size: int) -> tuple[SmallDisk, Sandbox]:
    """Return a small disk, and the sandbox with its folders on it, still empty. Raises OSError."""
    place = sandbox.root / "disk"
    place.mkdir()
    disk = SmallDisk(place, size)
    for name in FOLDERS:
        (place / name).mkdir()
    return disk, replace(sandbox, **{name: place / name for name in FOLDERS})


def refused(error: OSError) -> str:
    """Return why there is no small disk, and what to do."""
    return (
        f"no file system can be mounted here ({error.strerror}); as root it can, or where bench is started "
        "by: unshare --user --map-root-user --mount ./run bench"
    )


def _open_for_writing(place: Path) -> list[str]:
    """Return the files below ``place`` that any process has open for writing, by their place in it."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = link.readlink()
            info = (link.parents[1] / "fdinfo" / link.name).read_text()
        except OSError:  # it has ended, or is another user's
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
    """Call a function of the C library. Raises OSError with what it says."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
