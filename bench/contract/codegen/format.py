"""Laying out generated Python as a formatter would, and naming what it binds."""

from collections.abc import Collection, Sequence

from bench.contract.codegen.names import Names
from bench.contract.pipeline import Pipeline, Stage

__all__ = ["WIDTH", "assigned", "bracketed", "used"]

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


def used(pipeline: Pipeline) -> frozenset[str]:
    """Return the names of the data that some stage takes, or that a choice is made by."""
    flags = frozenset(choice.flag for choice in pipeline.choices.values())
    return flags | frozenset(name for stage in pipeline.stages.values() for name in stage.inputs.values())


def assigned(stage: Stage, taken: Collection[str], names: Names) -> str:
    """Return ``name = `` for a stage's outputs; those that nobody takes begin with an underscore.

    taken: names of the data that some stage takes. Empty where none of the outputs is.
    """
    if not any(output.name in taken for output in stage.outputs):
        return ""
    names_of = [
        names.of("data", output.name, output.name if output.name in taken else f"_{output.name}")
        for output in stage.outputs
    ]
    if stage.several and len(names_of) == 1:
        return f"({names_of[0]},) = "
    return f"{', '.join(names_of)} = "
