"""What tells whether the files of a folder changed: part of the key of a trial, and of what is kept for all runs."""

import hashlib
import os
from pathlib import Path

__all__ = ["folder_digest"]

PASSED_OVER = {"__pycache__", ".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
"""Folders that others keep there: nothing of them is read."""


def folder_digest(folder: Path, skip: tuple[str, ...] = ()) -> str:
    """Return a hash over the names and bytes of all files below a folder, but for those ``skip`` names."""
    hasher = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        skipped = relative.parts[0] in skip or relative.as_posix() in skip
        if not path.is_file() or skipped or not PASSED_OVER.isdisjoint(relative.parts):
            continue
        hasher.update(os.fsencode(relative) + b"\0" + path.read_bytes() + b"\0")
    return hasher.hexdigest()[:16]
