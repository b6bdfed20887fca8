"""What is installed in a virtual environment, and whether it is still as it was installed."""

import base64
import hashlib
import importlib.metadata
from pathlib import Path

from packaging.utils import canonicalize_name

__all__ = ["altered", "packages"]


def packages(folder: Path) -> dict[str, str]:
    """Return name to version of what is installed, sorted by name."""
    found: dict[str, str] = {
        canonicalize_name(distribution.name): distribution.version
        for distribution in importlib.metadata.distributions(path=[str(_site(folder))])
    }
    return dict(sorted(found.items()))


def altered(folder: Path) -> list[str]:
    """Return what differs from the packages' own records: Python files by hash, others by size."""
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
    return sorted(wrong)


def _same(path: Path, file: importlib.metadata.PackagePath) -> bool:
    if file.suffix != ".py" or file.hash is None or file.hash.mode != "sha256":
        return file.size is None or path.stat().st_size == file.size
    digest = hashlib.sha256(path.read_bytes()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value


def _site(folder: Path) -> Path:
    return next((folder / "lib").glob("python3*/site-packages"))
