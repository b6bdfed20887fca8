"""Helper functions of a user's module, in the form in which KFP can ship them beside a component."""

import ast
from typing import cast

import libcst as cst

from .body import block, comments, repeated, split
from .module import Import, Module

__all__ = ["RESERVED", "helper"]

RESERVED = frozenset(
    {
        "Dataset",
        "HTML",
        "Input",
        "List",
        "Metrics",
        "Model",
        "NamedTuple",
        "Optional",
        "Output",
        "TYPE_CHECKING",
        "dsl",
    }
)
"""Names that the module of components has for itself."""


def helper(module: Module, name: str) -> tuple[str, set[Import]]:
    """Return a helper function that needs nothing around it, and the imports of its annotations.

    KFP executes its ``def`` where nothing is imported, so annotations that name something are quoted.
    """
    original = cast("cst.FunctionDef", module.node(min(module.bound[name])))
    node = module.functions[name]
    imports: set[Import] = set()

    def quoted(annotation: cst.Annotation | None, tree: ast.expr | None) -> cst.Annotation | None:
        if annotation is None or tree is None:
            return None
        names = {found.id for found in ast.walk(tree) if isinstance(found, ast.Name)} & (
            set(module.imports) | set(module.bound) | module.types_only
        )
        if not names:
            return annotation
        text = module.code.code_for_node(annotation.annotation)
        if '"' in text or "\n" in text or not names <= set(module.imports) - RESERVED:
            return None
        imports.update(found for name in names for found in module.imports[name])
        return annotation.with_changes(annotation=cst.SimpleString(f'"{text}"'))

    trees = {
        argument.arg: argument.annotation
        for argument in ast.walk(node.args)
        if isinstance(argument, ast.arg)
    }

    class Signature(cst.CSTTransformer):
        def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:  # noqa: N802, ARG002
            return updated_node.with_changes(
                annotation=quoted(updated_node.annotation, trees[updated_node.name.value])
            )

    parameters = original.params.visit(Signature())
    docstring, statements = split(original)
    head = repeated(module, module.needs_of(name))
    rebuilt = original.with_changes(
        params=parameters,
        returns=quoted(original.returns, node.returns),
        body=block(original, docstring, head, statements, []),
        leading_lines=comments(original),
    )
    return module.code.code_for_node(rebuilt).strip("\n"), imports
