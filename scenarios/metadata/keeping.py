"""Leaves a tool nothing but the places that its documentation names."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.adapters import Sandbox

__all__ = ["only", "size"]

FOLDERS = ("home", "tmp", "project", "state", "results", "data")


@contextmanager
def only(box: Sandbox, kept: Sequence[Path]) -> Iterator[None]:
    """Move all else of a sandbox away meanwhile: project, logs, results, whatever lies in its home."""
    base = box.project.parent
    away = box.root / "away"
    away.mkdir()
    folders: list[Path] = [getattr(box, name) for name in FOLDERS]
    for folder in folders:
        folder.rename(away / folder.name)
        folder.mkdir()
    back = [place for place in kept if (away / place.relative_to(base)).exists()]
    for place in back:
        place.parent.mkdir(parents=True, exist_ok=True)
        (away / place.relative_to(base)).rename(place)
    try:
        yield
    finally:
        for place in back:
            place.rename(away / place.relative_to(base))
        for number, folder in enumerate(folders):
            # What a probe has left in a fresh folder is kept aside; one that was kept whole is back already.
            if folder.exists():
                folder.rename(away / f"probed-{number}")
            (away / folder.name).rename(folder)
        away.rename(box.root / f"away-{len(list(box.root.glob('away*')))}")


def size(places: Sequence[Path]) -> int:
    """Return the bytes of all files below some places."""
    files = {path for place in places for path in [place, *place.rglob("*")] if path.is_file()}
    return sum(path.lstat().st_size for path in files)
