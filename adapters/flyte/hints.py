"""Finds the annotations that Flyte's type engine cannot take, before anything is run."""

import ast
from collections.abc import Container, Iterator

from bench.contract.codegen.source import function_node, parse
from bench.errors import UnsupportedError
from bench.pipeline import Pipeline

from .types import Types

__all__ = ["check"]

REFUSED = {
    "list": "the type of the items too, such as list[dict] or list[float]",
    "List": "the type of the items too, such as list[dict] or list[float]",
    "tuple": "list[...] or a dict in its place",
    "Tuple": "list[...] or a dict in its place",
}


SOURCE = (
    "observed with flytekit 1.16.31 when the file is imported: 'Only generic univariate typing.List[T] type is "
    "supported', and for an argument without a type 'Missing type annotation' (flytekit/core/type_engine.py)"
)


def check(pipeline: Pipeline, types: Types) -> None:
    """Raise UnsupportedError for the first annotation of a stage that a task cannot have.

    types: of the arguments that get another annotation.
    """
    for stage in pipeline.stages.values():
        text = pipeline.modules[stage.module]
        tree = parse(text, stage.module)
        function = function_node(text, stage.module, stage.function)
        for hint in _hints(function, stage.module, tree, types.of(stage)):
            for node in _refused(hint):
                raise UnsupportedError(
                    f"{stage.module}.py:{node.lineno}: stage '{stage.name}': Flyte cannot take the annotation "
                    f"{ast.unparse(hint)}; write {REFUSED[_name(node)]}",
                    SOURCE,
                )


def _hints(
    function: ast.FunctionDef, module: str, tree: ast.Module, retyped: Container[str]
) -> Iterator[ast.expr]:
    """Yield the annotations of a stage's arguments, and of what it returns by field."""
    for argument in function.args.args:
        if argument.arg in retyped:
            continue
        if argument.annotation is None:
            raise UnsupportedError(
                f"{module}.py:{argument.lineno}: Flyte needs the type of '{argument.arg}' of "
                f"{function.name}(); annotate it",
                SOURCE,
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
