"""The types that Flyte's engine compares: those of what is given, at the arguments that take it.

Flyte refuses to give an ``int`` to a ``float``, or a ``dict[str, float]`` to a ``dict``; Python does not mind. Where
both are written in built-in types alone, a user of Flyte writes the same on both sides.
"""

import ast
import re
from collections.abc import Mapping

from bench.contract.codegen.source import function_node, parse
from bench.pipeline import Parameter, Pipeline, Stage

__all__ = ["Types"]

BUILT_IN = frozenset(("bool", "dict", "float", "int", "list", "str"))
ALIASES = {"Dict": "dict", "List": "list"}


class Types:
    """The type of all data of a pipeline, and of the arguments that take it."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._made: dict[str, str | None] = {}
        for stage in pipeline.stages.values():
            returned = _returned(pipeline, stage)
            for output in stage.outputs:
                made = returned.get(output.field or output.name)
                self._made[output.name] = f"list[{made}]" if made and stage.over is not None else made

        for choice in pipeline.choices.values():
            self._made[choice.name] = self._made[pipeline.stages[choice.then].outputs[0].name]

    def parameter(self, parameter: Parameter) -> str:
        """Return the type of an input of the workflow."""
        return parameter.annotation

    def of(self, stage: Stage) -> Mapping[str, str]:
        """Return the arguments of a stage whose annotation has to be another, and which."""
        function = function_node(self._pipeline.modules[stage.module], stage.module, stage.function)
        own = {argument.arg: argument.annotation for argument in function.args.args}
        found = {}
        for argument, data in stage.inputs.items():
            made = self._type(data)
            if argument == stage.over:
                item = re.fullmatch(r"list\[(.*)\]", made or "")
                made = item.group(1) if item else None
            found[argument] = made
        found |= {argument: _type_of(value) for argument, value in stage.constants.items()}
        return {
            argument: made
            for argument, made in found.items()
            if made is not None and self._differs(own[argument], made, stage.inputs.get(argument))
        }

    def _type(self, data: str) -> str | None:
        parameter = self._pipeline.parameters.get(data)
        return self._made.get(data) if parameter is None else parameter.annotation

    def _differs(self, own: ast.expr | None, made: str, data: str | None) -> bool:
        if own is None:
            return True
        parameter = self._pipeline.parameters.get(data or "")
        plain = built_in(own)
        if plain is None:
            # Such as a Path for a file, which is given as text.
            return parameter is not None and parameter.kind == "file"
        return plain != made


def built_in(node: ast.expr | None) -> str | None:
    """Return an annotation of built-in types as source; None for any other."""
    if node is None:
        return None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return None
    for found in ast.walk(node):
        if isinstance(found, ast.Attribute) or (
            isinstance(found, ast.Name) and ALIASES.get(found.id, found.id) not in BUILT_IN
        ):
            return None
        if isinstance(found, ast.Constant) and found.value is not None:
            return None
    return re.sub(r"\b(Dict|List)\b", lambda one: ALIASES[one.group()], ast.unparse(node))


def _type_of(value: object) -> str | None:
    if isinstance(value, list):
        items = {_type_of(item) for item in value}
        return f"list[{items.pop()}]" if len(items) == 1 and None not in items else None
    return None if value is None else type(value).__name__


def _returned(pipeline: Pipeline, stage: Stage) -> dict[str, str | None]:
    """Return the type of each output by its name in the function, where it is one of built-in types."""
    text = pipeline.modules[stage.module]
    returns = function_node(text, stage.module, stage.function).returns
    if not stage.several:
        return {output.name: built_in(returns) for output in stage.outputs}
    for node in parse(text, stage.module).body:
        if isinstance(node, ast.ClassDef) and isinstance(returns, ast.Name) and node.name == returns.id:
            return {
                line.target.id: built_in(line.annotation)
                for line in node.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            }
    return {}
