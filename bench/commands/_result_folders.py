"""Chooses the folders of result sets."""

from datetime import UTC, datetime
from pathlib import Path

from bench.errors import StoreError

__all__ = ["new_output", "resumed_output"]

FOLDER = Path("bench-results")


def new_output() -> Path:
    """Return a new folder name, made from the current time."""
    base = FOLDER / datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S")
    path, number = base, 2
    while path.exists():
        path, number = base.with_name(f"{base.name}-{number}"), number + 1
    return path


def resumed_output(asked: Path | None) -> Path:
    """Return the requested folder, or the newest one. Raises StoreError."""
    if asked is not None:
        return asked.resolve()
    found = sorted(FOLDER.glob("*/manifest.json"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise StoreError(
            f"there is no result set in {FOLDER.resolve()}: name one, or measure one with: bench run"
        )
    return found[-1].parent.resolve()
