"""Reads the evidence of a result set in all its forms: one archive for each attempt, one for all, or loose files.

An attempt is named ``KEY-N``. ``evidence/KEY-N.zip`` is its archive. A published set has one ``evidence.zip``:
``index.json`` gives the SHA-256 of each file's content, and ``blobs/`` holds each different content once. A bundle
has the files in ``evidence/KEY-N/``, with the same index beside them.
"""

import re
import shlex
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from bench.errors import StoreError
from bench.store.archive import EVIDENCE

__all__ = ["ALL", "INDEX", "Evidence", "File", "Index", "blob", "logs_command", "loose_name", "name_of"]

ALL = "evidence.zip"
INDEX = "index.json"
LARGEST_INDEX = 1 << 28
PIECE = 1 << 20
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*-[0-9]+")
LIVE = re.compile(r"\.(x?html?|xht|svg|xml|m?js|pdf|swf)$", re.IGNORECASE)
"""Suffixes of files that a browser would run or interpret."""


class File(msgspec.Struct, frozen=True):
    """A file of an attempt. ``kept``: whether the set has its content, or only lists it."""

    size: int
    sha256: str | None = None
    kept: bool = True


class Index(msgspec.Struct, frozen=True):
    """All files by attempt and path. ``largest``: size in bytes above which the content was not kept."""

    attempts: dict[str, dict[str, File]]
    largest: int


def name_of(evidence: str) -> str:
    """Return ``KEY-N`` from the evidence path in a record; empty if the record names none."""
    path = PurePosixPath(evidence)
    name = path.name.removesuffix(".zip")
    return name if path.parts[:-1] == (EVIDENCE,) and NAME.fullmatch(name) else ""


def logs_command(evidence: str, folder: Path) -> str:
    """Return the command that shows the logs of an attempt; empty if it left none."""
    name = name_of(evidence)
    return name and f"bench logs {name} --set {shlex.quote(str(folder))}"


def blob(digest: str) -> str:
    """Return the name of a file's content in the archive of a published set."""
    return f"blobs/{digest}"


def loose_name(path: str) -> str:
    """Return the name of a file in a bundle; files that a browser would run become text."""
    return f"{path}.txt" if LIVE.search(path) else path


class Evidence:
    """The evidence of one result set. Raises StoreError for evidence that is missing or cannot be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def attempts(self) -> list[str]:
        """Return the names of all attempts that left evidence."""
        place = self.folder / EVIDENCE
        found = {path.stem for path in place.glob("*.zip") if NAME.fullmatch(path.stem)}
        return sorted({*found, *self._published.attempts, *self._loose.attempts})

    def files(self, name: str) -> dict[str, File]:
        """Return the files of an attempt by path."""
        if self._own(name).is_file():
            with _reading(self._own(name)), zipfile.ZipFile(self._own(name)) as archive:
                found = {
                    one.filename: File(one.file_size) for one in archive.infolist() if not one.is_dir()
                }
                return _checked({name: found})[name]
        listed = self._published.attempts.get(name) or self._loose.attempts.get(name)
        if listed is None:
            raise StoreError(f"{self.folder} has no evidence named '{name}'")
        return listed

    def pieces(self, name: str, path: str) -> Iterator[bytes]:
        """Yield the content of a file in pieces."""
        file = self.files(name).get(path)
        if file is None:
            raise StoreError(f"{name} of {self.folder} has no file '{path}'")
        if not file.kept:
            raise StoreError(
                f"'{path}' of {name} was too large to be published: {file.size} bytes, SHA-256 {file.sha256}"
            )
        place, inside = self._place(name, path, file)
        with ExitStack() as closing:
            with _reading(place):
                source: IO[bytes] = (
                    _inside(self.folder / EVIDENCE, place).open("rb")
                    if inside is None
                    else closing.enter_context(zipfile.ZipFile(place)).open(inside)
                )
                closing.enter_context(source)
            while True:
                with _reading(place):
                    piece = source.read(PIECE)
                if not piece:
                    return
                yield piece

    def read(self, name: str, path: str) -> bytes:
        """Return the content of a file."""
        return b"".join(self.pieces(name, path))

    def _place(self, name: str, path: str, file: File) -> tuple[Path, str | None]:
        """Return the file that holds a content, and the name of the entry if that file is an archive."""
        own = self._own(name)
        if own.is_file():
            return own, path
        if name in self._published.attempts:
            return self.folder / ALL, blob(str(file.sha256))
        return self.folder / EVIDENCE / name / loose_name(path), None

    def _own(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise StoreError(f"{self.folder} has no evidence named '{name}'")
        return self.folder / EVIDENCE / f"{name}.zip"

    @cached_property
    def _published(self) -> Index:
        path = self.folder / ALL
        if not path.is_file():
            return Index({}, 0)
        with _reading(path), zipfile.ZipFile(path) as archive:
            if archive.getinfo(INDEX).file_size > LARGEST_INDEX:
                raise StoreError(f"{path} cannot be read: its index is too large")
            return _index(archive.read(INDEX))

    @cached_property
    def _loose(self) -> Index:
        path = self.folder / EVIDENCE / INDEX
        if not path.is_file():
            return Index({}, 0)
        with _reading(path):
            return _index(path.read_bytes())


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn every error of an archive into one sentence."""
    try:
        yield
    except (
        OSError, EOFError, KeyError, ValueError, RuntimeError, NotImplementedError,
        zipfile.BadZipFile, zlib.error, msgspec.MsgspecError,
    ) as error:  # fmt: skip
        raise StoreError(f"{path} cannot be read: {error}") from error


def _index(data: bytes) -> Index:
    index = msgspec.json.decode(data, type=Index)
    _checked(index.attempts)
    return index


def _checked(attempts: dict[str, dict[str, File]]) -> dict[str, dict[str, File]]:
    """Return the listing. Raises ValueError if a name leads out of the folder of its attempt."""
    for name, files in attempts.items():
        for path in files:
            pure = PurePosixPath(path)
            if not NAME.fullmatch(name) or not pure.parts or pure.is_absolute() or ".." in pure.parts:
                raise ValueError(f"'{name}' or '{path}' is no name of evidence")
    return attempts


def _inside(root: Path, place: Path) -> Path:
    """Return the path, unless a link leads out of the root."""
    found = place.resolve(strict=True)
    if not found.is_relative_to(root.resolve()) or not found.is_file():
        raise ValueError(f"{place.name} is not inside")
    return found
