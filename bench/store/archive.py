"""The evidence of an attempt: loose files during measuring, then one archive that never changes."""

import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bench.errors import StoreError
from bench.host import untrusted_files
from bench.host.safe_write import replacing

__all__ = ["EVIDENCE", "WORKING", "Working", "entry", "pack"]

EVIDENCE = "evidence"
"""Folder for the archives in a result set."""
WORKING = "working"
"""Folder in a result set for the loose files of attempts in progress."""
PIECE = 1 << 20
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, fixed so that the same files make the same archive."""


@dataclass(frozen=True)
class Working:
    """The evidence of an attempt in progress. ``name``: a new ``KEY-N``."""

    root: Path
    """Folder of the result set."""
    name: str
    folder: Path
    """Folder for the loose files."""

    def keep(self) -> str:
        """Write the archive to disk and return its path in the set. Raises StoreError."""
        archive = f"{EVIDENCE}/{self.name}.zip"
        try:
            with replacing(self.root, archive, durable=True) as file:
                pack(self.folder, file)
        except OSError as error:
            raise StoreError(
                f"cannot write {self.root / archive}: {error.strerror}; earlier results are kept; "
                "free some space, then continue with --resume"
            ) from error
        self.discard()
        return archive

    def discard(self) -> None:
        """Remove the loose files."""
        untrusted_files.remove(self.folder)


def pack(folder: Path, file: BinaryIO) -> None:
    """Write the regular files of a folder as a ZIP archive, without links and other kinds. Raises OSError."""
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        for path in _regular(folder):
            relative = os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as source:
                if stat.S_ISREG(os.fstat(descriptor).st_mode):
                    entry(archive, relative, _pieces(source))


def entry(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    """Add one file to an archive."""
    info = zipfile.ZipInfo(name, BEGINNING)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    with archive.open(info, "w", force_zip64=True) as target:
        target.writelines(pieces)


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        yield piece


def _regular(folder: Path) -> Iterator[Path]:
    """Yield all regular files below a folder in a fixed order, without following links."""
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            found = sorted(entries, key=lambda one: one.name)
        yield from (Path(one.path) for one in found if one.is_file(follow_symlinks=False))
        waiting += [Path(one.path) for one in reversed(found) if one.is_dir(follow_symlinks=False)]
