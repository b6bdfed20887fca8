"""Finds the annotations that Flyte's type engine cannot take, before anything is run."""

import ast
from collections.abc import Iterator

from bench.contract.codegen.source import function_node, parse
from bench.errors import PipelineError
from bench.pipeline import Pipeline

__all__ = ["check"]

REFUSED = {
    "list": "the type of the items too, such as list[dict] or list[float]",
    "List": "the type of the items too, such as list[dict] or list[float]",
    "tuple": "list[...] or a dict in its place",
    "Tuple": "list[...] or a dict in its place",
}


def check(pipeline: Pipeline) -> None:
    """Raise PipelineError for the first annotation of a stage that a task cannot have."""
    for stage in pipeline.stages.values():
        text = pipeline.modules[stage.module]
        tree = parse(text, stage.module)
        for hint in _hints(function_node(text, stage.module, stage.function), stage.module, tree):
            for node in _refused(hint):
                raise PipelineError(
                    f"{stage.module}.py:{node.lineno}: stage '{stage.name}': Flyte cannot take the annotation "
                    f"{ast.unparse(hint)}; write {REFUSED[_name(node)]}"
                )


def _hints(function: ast.FunctionDef, module: str, tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the annotations of a stage's arguments, and of what it returns by field."""
    for argument in function.args.args:
        if argument.annotation is None:
            raise PipelineError(
                f"{module}.py:{argument.lineno}: Flyte needs the type of '{argument.arg}' of "
                f"{function.name}(); annotate it"
            )
        yield argument.annotation
    returned = function.returns
    if returned is None:
        return
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == _name(returned):
            yield from (field.annotation for field in node.body if isinstance(field, ast.AnnAssign))
    yield returned


def _refused(hint: ast.expr) -> Iterator[ast.expr]:
    """Yield a list without the type of its items, and every tuple."""
    if isinstance(hint, ast.Subscript):
        if _name(hint.value) in ("tuple", "Tuple"):
            yield hint.value
        elif _name(hint.value) != "Literal":
            yield from _refused(hint.slice)
    elif _name(hint) in REFUSED:
        yield hint
    elif not isinstance(hint, ast.Attribute):
        for child in ast.iter_child_nodes(hint):
            if isinstance(child, ast.expr):
                yield from _refused(child)


def _name(node: ast.expr) -> str:
    """Return the last part of a name, as of ``typing.List``; nothing for any other expression."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return node.id if isinstance(node, ast.Name) else ""
