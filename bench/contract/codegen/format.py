"""Laying out generated Python as a formatter would, and naming what it binds."""

import math
from collections.abc import Collection, Sequence

from bench.contract.pipeline import Pipeline, Stage, Value

__all__ = ["WIDTH", "assigned", "bracketed", "free", "literal"]

WIDTH = 88
"""Columns of a formatter's line, as users of the tools mostly have it."""


def bracketed(head: str, items: Sequence[str], tail: str, indent: str = "    ") -> str:
    """Return ``head`` + items + ``tail`` on one line, on an indented line, or on a line for each item.

    head ends and tail begins with a bracket. Before a return annotation that has brackets itself,
    formatters put each item on a line.
    """
    joined = ", ".join(items)
    line = f"{indent}{head}{joined}{tail}"
    if len(line) <= WIDTH or not items:
        return line
    if len(indent) + 4 + len(joined) <= WIDTH and not ("->" in tail and "(" in tail):
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


def assigned(stage: Stage, pipeline: Pipeline) -> str:
    """Return ``name = `` for a stage's outputs; those that nobody takes begin with an underscore.

    Empty where none is taken.
    """
    used = {name for other in pipeline.stages.values() for name in other.inputs.values()}
    names = [output.name if output.name in used else f"_{output.name}" for output in stage.outputs]
    if not used.intersection(names):
        return ""
    if stage.several and len(names) == 1:
        return f"({names[0]},) = "
    return f"{', '.join(names)} = "
