"""The nodes of a pipeline, as Python source."""

from collections.abc import Sequence

from bench.pipeline import Pipeline, Stage

__all__ = ["mapping_function", "node"]

WIDTH = 88
"""Columns of a line, as the project template sets for its formatter."""


def node(stage: Stage, pipeline: Pipeline, module: str) -> str:
    """Return the ``Node(...)`` of a stage, without indentation."""
    function = f"map_{stage.name}" if stage.over is not None else f"{module}.{stage.function}"
    inputs = [
        f'"{_mapped_argument(stage) if argument == stage.over else argument}": '
        f'"{"params:" if name in pipeline.parameters else ""}{name}"'
        for argument, name in stage.inputs.items()
    ]
    names = [f'"{output.name}"' for output in stage.outputs]
    one = f"    outputs={names[0] if names else None},"
    return "\n".join(
        [
            "Node(",
            f"    func={function},",
            _fitted("    inputs={", inputs, "},") if inputs else "    inputs=None,",
            _fitted("    outputs=[", names, "],") if stage.several else one,
            f'    name="{stage.name}",',
            ")",
        ]
    )


def mapping_function(stage: Stage, module: str) -> str:
    """Return the function that calls a mapped stage for each item: Kedro's graph is fixed before a run."""
    items, item = _mapped_argument(stage), str(stage.over)
    others = [argument for argument in stage.inputs if argument != stage.over]
    arguments = [f"{argument}={argument}" for argument in (item, *others)]
    call, loop = f"{module}.{stage.function}", f"for {item} in {items}"
    line = f"    return [{call}({', '.join(arguments)}) {loop}]"
    if len(line) > WIDTH:
        line = "\n".join(
            ["    return [", _fitted(f"        {call}(", arguments, ")"), f"        {loop}", "    ]"]
        )
    return "\n".join(
        [
            _fitted(f"def map_{stage.name}(", [items, *others], "):"),
            f'    """Call {stage.function} for each of the {items}."""',
            line,
        ]
    )


def _mapped_argument(stage: Stage) -> str:
    """Return the argument for the whole list: the list's name, unless an argument has it."""
    name = stage.inputs[str(stage.over)]
    return f"all_{name}" if name in stage.inputs else name


def _fitted(opening: str, items: Sequence[str], closing: str) -> str:
    """Return a bracket with its items on one line, or on a line each where that is too long.

    Twelve columns: indentation of a node in the pipeline, and four to spare.
    """
    line = f"{opening}{', '.join(items)}{closing}"
    if len(line) <= WIDTH - 12:
        return line
    indent = " " * (len(opening) - len(opening.lstrip()))
    return "\n".join([opening, *(f"{indent}    {item}," for item in items), f"{indent}{closing}"])
