"""Lists what is installed in a virtual environment, and checks that it has not changed."""

import base64
import hashlib
import importlib.metadata
import json
import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from packaging.utils import canonicalize_name

from bench.host import untrusted_files

__all__ = ["altered", "keep", "packages"]

KEPT = "installed.json"
"""File beside the packages with the size and modification time of every file after installation."""
OWN = {KEPT, "ready.json", ".lock"}


def keep(folder: Path) -> None:
    """Record what is installed now, for :func:`altered`."""
    (folder / KEPT).write_text(json.dumps(_files(folder)))


def packages(folder: Path) -> dict[str, str]:
    """Return the versions of the installed packages by name, sorted."""
    found: dict[str, str] = {
        canonicalize_name(distribution.name): distribution.version
        for distribution in importlib.metadata.distributions(path=[str(_site(folder))])
    }
    return dict(sorted(found.items()))


def altered(folder: Path, own: Sequence[str] = ()) -> list[str]:
    """Return what differs from the packages' own records: Python files by hash, others by size.

    Also return files that were added, removed or written since installation, except compiled files, which come with
    use. own: patterns of files that the tool writes there itself.
    """
    wrong = _recorded(folder)
    try:
        before = json.loads((folder / KEPT).read_bytes())
    except (OSError, ValueError):
        before = None  # The environment is being made, or an older version of bench made it.
    if before is not None:
        now = _files(folder)
        site = os.path.relpath(_site(folder), folder)
        told = {one.partition(" is ")[0] for one in wrong}
        for path in sorted({*before, *now}):
            name = os.path.relpath(path, site) if path.startswith(f"{site}/") else path
            if any(fnmatchcase(name, pattern) for pattern in own):
                continue
            if before.get(path) != now.get(path) and name not in told:
                what = "is new" if path not in before else "was written to" if path in now else "is missing"
                wrong.append(f"{name} {what}")
    return sorted(wrong)


def _files(folder: Path) -> dict[str, list[int]]:
    """Return size and modification time, by path, of all files that a package or a person has put there."""
    found = {}
    for path, status in untrusted_files.walk(folder):
        name = os.path.relpath(path, folder)
        if name not in OWN and not (name.endswith(".pyc") and "/__pycache__/" in name):
            found[os.fsencode(name).decode(errors="backslashreplace")] = [
                status.st_size,
                status.st_mtime_ns,
            ]
    return found


def _recorded(folder: Path) -> list[str]:
    wrong: list[str] = []
    for distribution in importlib.metadata.distributions(path=[str(_site(folder))]):
        for file in distribution.files or ():
            if file.suffix == ".pyc" or (file.hash is None and file.size is None):
                continue
            path = Path(str(distribution.locate_file(file)))
            try:
                same = _same(path, file)
            except OSError:
                wrong.append(f"{file} is missing")
            else:
                if not same:
                    wrong.append(f"{file} is not as {distribution.name} installed it")
    return wrong


def _same(path: Path, file: importlib.metadata.PackagePath) -> bool:
    if file.suffix != ".py" or file.hash is None or file.hash.mode != "sha256":
        return file.size is None or path.stat().st_size == file.size
    digest = hashlib.sha256(path.read_bytes()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value


def _site(folder: Path) -> Path:
    return next((folder / "lib").glob("python3*/site-packages"))
