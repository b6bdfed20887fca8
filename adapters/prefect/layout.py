"""Writes Python as a formatter would lay it out, and picks names that nobody has taken."""

import math
from collections.abc import Collection, Sequence

from bench.pipeline import Value

__all__ = ["bracketed", "free", "literal"]

WIDTH = 88


def bracketed(head: str, items: Sequence[str], tail: str, indent: str = "    ") -> str:
    """Return ``head`` + items + ``tail`` on one line, on an indented line, or on a line for each item."""
    joined = ", ".join(items)
    line = f"{indent}{head}{joined}{tail}"
    if len(line) <= WIDTH or not items:
        return line
    if len(indent) + 4 + len(joined) <= WIDTH:
        return f"{indent}{head}\n{indent}    {joined}\n{indent}{tail}"
    split = "".join(f"{indent}    {item},\n" for item in items)
    return f"{indent}{head}\n{split}{indent}{tail}"


def literal(value: Value) -> str:
    """Return a value as Python source."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    text = repr(value)
    return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text


def free(name: str, taken: Collection[str]) -> str:
    """Return ``name``, with underscores behind it until it is not taken."""
    while name in taken:
        name += "_"
    return name
