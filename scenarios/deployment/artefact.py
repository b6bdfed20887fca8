"""What is in an artefact: its members, whether two are the same, and what stands in it."""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

GZIP = b"\x1f\x8b"
TAR = slice(257, 262)
"""Where an archive of tar says what it is, POSIX.1-2017, pax, "ustar Interchange Format"."""

__all__ = ["alike", "found", "members", "read", "size"]


def members(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what is in some files by name, archives and what they hold opened."""
    return {name: data for file, content in files.items() for name, data in _opened(file, content)}


def size(files: Mapping[str, bytes]) -> int:
    """Return the bytes of all files."""
    return sum(len(content) for content in files.values())


def found(parts: Mapping[str, bytes], text: str) -> list[str]:
    """Return the members in which a text stands."""
    return sorted(name for name, content in parts.items() if text.encode() in content)


def alike(first: Mapping[str, bytes], second: Mapping[str, bytes]) -> tuple[str, list[str]]:
    """Return whether a second artefact has the same bytes or the same members, and which members differ."""
    if first == second:
        return "bytes", []
    one, two = members(first), members(second)
    differing = sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))
    return ("differ" if differing else "members"), differing


def _opened(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what is in a file by name; what only looks like an archive is a file as any other."""
    try:
        inside = _inside(content)
    except (EOFError, OSError, tarfile.TarError, zipfile.BadZipFile, zlib.error):
        inside = None
    if inside is None:
        yield name, content
        return
    for one, data in inside.items():
        yield from _opened(f"{name}/{one}", data)


def _inside(content: bytes) -> dict[str, bytes] | None:
    """Return the files of an archive, which is known by its content because names need not say; else None."""
    if content.startswith(GZIP):
        return {"unpacked": gzip.decompress(content)}
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {one: archive.read(one) for one in archive.namelist() if not one.endswith("/")}
    if content[TAR] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            files = {one.name: archive.extractfile(one) for one in archive if one.isfile()}
            return {one: file.read() for one, file in files.items() if file is not None}
    return None


def read(project: Path, patterns: tuple[str, ...], output: Path) -> dict[str, bytes]:
    """Return the files that the patterns name; without any, what the command printed."""
    if not patterns:
        return {"output": output.read_bytes()}
    places = sorted({path for pattern in patterns for path in project.glob(pattern)})
    return {str(path.relative_to(project)): path.read_bytes() for path in places}
