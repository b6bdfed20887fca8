"""``bench clean``: what bench keeps outside result sets, with its size, and deleting it."""

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from bench.folders import cache_folder

__all__ = ["clean"]

KINDS = ("environments", "data", "sandboxes")
"""Folders whose entries are told one by one."""
WHOLE = ("templates", "matplotlib")
"""Folders of small things: compiled templates of the page, and the list of fonts."""


def clean(
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete; without it only the sizes are shown.")
    ] = False,
) -> None:
    """Show or delete what bench keeps outside result sets: environments, data, sandboxes."""
    print(_clean(delete=yes))


def _clean(*, delete: bool) -> str:
    """Return what there is, a line each; deleted if asked for."""
    cache = cache_folder()
    lines = []
    total = 0
    one_by_one = (path for kind in KINDS for path in sorted((cache / kind).glob("*")))
    for path in (*one_by_one, *(cache / name for name in WHOLE if (cache / name).exists())):
        size = _size(path)
        total += size
        lines.append(f"{size / 1e6:8.0f} MB  {path}")
        if delete:
            _delete(path)
    if not lines:
        return f"nothing is kept in {cache}"
    ending = "deleted" if delete else "delete them with: bench clean --yes"
    return "\n".join([*lines, f"{total / 1e6:8.0f} MB in all; {ending}"])


def _size(path: Path) -> int:
    """Return bytes; a file with several names is counted at each."""
    if path.is_file():
        return path.lstat().st_size
    return sum(
        os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118 - a hundred thousand files
        for folder, _, names in os.walk(path)
        for name in names
    )


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
