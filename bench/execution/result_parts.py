"""Digests of what stands in the JSON files that a run delivered, path by path.

Two files of which only a time or a random number differs can then be compared in all else.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.host import untrusted_files

__all__ = ["result_parts"]

LARGEST = 1_000_000
"""Bytes of a file that is read; a larger one is compared as a whole."""
MOST_PARTS = 500
"""Paths of a file; one that has more is compared as a whole."""
DEEPEST = 50


def result_parts(folder: Path, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the digest of each path in those of the named files in a folder that are JSON, by file.

    The part of an object or list covers its own keys or length only.
    """
    found: dict[str, dict[str, str]] = {}
    for name in names:
        parts = _parts(folder / name)
        if parts is not None:
            found[name] = parts
    return found


def _parts(path: Path) -> dict[str, str] | None:
    try:
        content = json.loads(untrusted_files.read(path, LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    parts: dict[str, str] = {}
    for where, text in _walk(content, "$", 0):
        parts[where] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        if len(parts) > MOST_PARTS:
            return None
    return parts


def _walk(value: Any, path: str, level: int) -> Iterator[tuple[str, str]]:
    """Yield each path and the text that stands for what is there."""
    if isinstance(value, dict) and level < DEEPEST:
        yield path, f"object {json.dumps(list(value))}"
        for key, item in value.items():
            yield from _walk(item, f"{path}.{key}", level + 1)
    elif isinstance(value, list) and level < DEEPEST:
        yield path, f"list {len(value)}"
        for position, item in enumerate(value):
            yield from _walk(item, f"{path}[{position}]", level + 1)
    else:
        yield path, json.dumps(value)
