"""What is wrong with the form of a criteria file, in one line: the place by the names that stand there, and the key."""

import re
from collections.abc import Mapping
from typing import Any

from bench.errors import nearest

__all__ = ["told"]

KINDS = {
    "float": "a number",
    "int": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}
"""What the reader of TOML calls the kinds of values, in the words of people."""
NAMES = ("name", "id", "metric")
"""Keys by which a table in a list is known."""


def told(message: str, raw: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]]) -> str:
    """Return the message of msgspec in plain words.

    raw: the file as read, without types. keys: that a table may have, by the key under which it stands, and
    by "" for the file itself.
    """
    what, _, path = message.partition(" - at ")
    names, table = _place(path.strip("`"), raw, kind=what)
    unknown = re.search(r"unknown field `(.+)`", what)
    lacks = re.search(r"missing required field `(.+)`", what)
    if unknown:
        what = f"unknown key '{unknown[1]}'{nearest(unknown[1], keys.get(table, ()))}"
    elif lacks:
        what = f"it has no '{lacks[1]}'"
    else:
        what = what.replace("`int`, got `float`", "a whole number, got one with a fraction")
        what = re.sub(r"`([^`]+)`", lambda found: _kind(found[1]), what)
        what = what[:1].lower() + what[1:]
    return ": ".join([*names, what])


def _kind(text: str) -> str:
    kinds = (part for part in text.split(" | ") if part != "null")
    return " or ".join(dict.fromkeys(KINDS.get(part, f"'{part}'") for part in kinds))


def _place(path: str, raw: Any, kind: str) -> tuple[list[str], str]:
    """Return the names on the way to a place, and the key under which its table stands."""
    names: list[str] = []
    table = ""
    for key, index in re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", path):
        if key:
            raw, table = raw[key], key
            names.append(key)
            continue
        # Where the reader does not say which value it is, it is the first that is not of the wanted kind.
        entries = dict(enumerate(raw)) if isinstance(raw, list) else raw
        wanted = (int, float) if "`float`" in kind.split(",", maxsplit=1)[0] else str
        at = int(index) if index.isdigit() else next(
            (name for name, value in entries.items() if not isinstance(value, wanted)), next(iter(entries))
        )  # fmt: skip
        raw = entries[at]
        own = next((raw[name] for name in NAMES if name in raw), None) if isinstance(raw, dict) else None
        names.append(f"'{own or (at + 1 if isinstance(at, int) else at)}'")
    return names, table
