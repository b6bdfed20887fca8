"""The nodes of a pipeline, as Python source."""

from collections.abc import Sequence

from bench.contract.codegen.names import Names
from bench.pipeline import Pipeline, Stage

from .layout import Layout

__all__ = ["Functions"]

WIDTH = 88
"""Columns of a line, as the project template sets for its formatter."""


class Functions:
    """The nodes of one pipeline, and the functions above them that call mapped stages.

    names: of parameters and datasets. layout: names the modules that ``pipeline.py`` imports.
    """

    def __init__(self, pipeline: Pipeline, names: Names, layout: Layout) -> None:
        self._pipeline = pipeline
        self._names = names
        self._layout = layout
        modules = {layout.import_name(stage.module) for stage in pipeline.stages.values()}
        self._own = ("Node", "Pipeline", "create_pipeline", *sorted(modules))
        self._functions = Names(self._own)

    def node(self, stage: Stage) -> str:
        """Return the ``Node(...)`` of a stage, without indentation."""
        function = f"{self._layout.import_name(stage.module)}.{stage.function}"
        keys: dict[str, str] = {argument: argument for argument in (*stage.inputs, *stage.constants)}
        if stage.over is not None:
            function = self._mapping_name(stage)
            local = self._locals(stage)
            keys = {argument: local.of("argument", argument) for argument in keys}
            keys[stage.over] = local.of("items", stage.over)
        inputs = [
            f'"{keys[argument]}": "{"params:" if data in self._pipeline.parameters else ""}'
            f'{self._names.of("data", data)}"'
            for argument, data in stage.inputs.items()
        ]
        group = self._names.of("constants", stage.name) if stage.constants else ""
        inputs += [f'"{keys[argument]}": "params:{group}.{argument}"' for argument in stage.constants]
        outputs = [f'"{self._names.of("data", output.name)}"' for output in stage.outputs]
        one = f"    outputs={outputs[0] if outputs else None},"
        return "\n".join(
            [
                "Node(",
                f"    func={function},",
                _fitted("    inputs={", inputs, "},") if inputs else "    inputs=None,",
                _fitted("    outputs=[", outputs, "],") if stage.several else one,
                f'    name="{stage.name}",',
                ")",
            ]
        )

    def mapping(self, stage: Stage) -> str:
        """Return the function that calls a mapped stage for each item: Kedro's graph is fixed before a run."""
        local, over = self._locals(stage), str(stage.over)
        items, item = local.of("items", over), local.of("argument", over)
        others = [one for one in (*stage.inputs, *stage.constants) if one != over]
        arguments = [f"{one}={local.of('argument', one)}" for one in (over, *others)]
        call = f"{self._layout.import_name(stage.module)}.{stage.function}"
        loop = f"for {item} in {items}"
        line = f"    return [{call}({', '.join(arguments)}) {loop}]"
        if len(line) > WIDTH:
            line = "\n".join(
                ["    return [", _fitted(f"        {call}(", arguments, ")"), f"        {loop}", "    ]"]
            )
        taken = [items, *(local.of("argument", one) for one in others)]
        return "\n".join(
            [
                _fitted(f"def {self._mapping_name(stage)}(", taken, "):"),
                f'    """Call {stage.function} for each of the {items}."""',
                line,
            ]
        )

    def _mapping_name(self, stage: Stage) -> str:
        return self._functions.of("function", stage.name, f"map_{stage.name}")

    def _locals(self, stage: Stage) -> Names:
        """Return the names of the function that calls a mapped stage: its arguments, and the whole list's."""
        local = Names(self._own)
        local.add("argument", (*stage.inputs, *stage.constants))
        over = str(stage.over)
        name = stage.inputs[over]
        wanted = name if local.is_free(name) else f"all_{name}"
        local.of("items", over, wanted)
        return local


def _fitted(opening: str, items: Sequence[str], closing: str) -> str:
    """Return a bracket with its items on one line, or on a line each where that is too long.

    Twelve columns: indentation of a node in the pipeline, and four to spare.
    """
    line = f"{opening}{', '.join(items)}{closing}"
    if len(line) <= WIDTH - 12:
        return line
    indent = " " * (len(opening) - len(opening.lstrip()))
    return "\n".join([opening, *(f"{indent}    {item}," for item in items), f"{indent}{closing}"])
