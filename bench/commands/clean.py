"""``bench clean``: shows or deletes what bench keeps outside result sets."""

import sys
from typing import Annotated

import typer

from bench.folders import cache_folder

__all__ = ["clean"]

KINDS = ("environments", "data", "sandboxes")
"""Folders whose entries are listed one by one."""
WHOLE = ("templates", "matplotlib")
"""Folders with small files: compiled templates of the page, and the list of fonts."""


def clean(
    yes: Annotated[bool, typer.Option("--yes", help="Delete. Without it, only show the sizes.")] = False,
) -> None:
    """Show or delete what bench keeps outside result sets: environments, data, sandboxes."""
    text, left = _clean(delete=yes)
    print(text)
    for one in left:
        print(f"bench: cannot delete: {one}", file=sys.stderr)
    if left:
        raise typer.Exit(1)


def _clean(*, delete: bool) -> tuple[str, list[str]]:
    """Return a line for each item, deleted on request, and the items that cannot be deleted, with the reason."""
    from bench.host import untrusted_files

    cache = cache_folder()
    lines: list[str] = []
    left: list[str] = []
    total = 0
    one_by_one = (path for kind in KINDS for path in sorted((cache / kind).glob("*")))
    for path in (*one_by_one, *(cache / name for name in WHOLE if (cache / name).exists())):
        size = untrusted_files.size(path)
        total += size
        lines.append(f"{size / 1e6:8.0f} MB  {path}")
        if delete:
            left += untrusted_files.remove(path)
    if not lines:
        return f"nothing is kept in {cache}", []
    ending = "deleted" if delete else "delete them with: bench clean --yes"
    if left:
        ending = f"deleted but for {len(left)} that cannot be"
    return "\n".join([*lines, f"{total / 1e6:8.0f} MB in all; {ending}"]), left
