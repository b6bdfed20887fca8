"""Checks that a command overwrites nothing."""

from pathlib import Path

from bench.errors import UsageError

__all__ = ["must_be_empty"]


def must_be_empty(folder: Path) -> None:
    """Raise UsageError if ``folder`` is a file or is not empty."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; give a new folder")
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty; give a new folder")
