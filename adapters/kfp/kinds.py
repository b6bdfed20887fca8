"""What KFP calls the types of data."""

import ast

from bench.pipeline import Kind

from .module import Module

__all__ = ["ARTIFACTS", "BUILT_IN", "parameter_type"]

ARTIFACTS: dict[Kind, tuple[str, str]] = {
    "table": ("Dataset", "dataset"),
    "model": ("Model", "artifact"),
    "page": ("HTML", "html"),
}
"""Artifact type of a kind, and what the names of such artifacts end with."""
BUILT_IN = frozenset({"bool", "dict", "float", "int", "list", "str"})


def parameter_type(module: Module, annotation: ast.expr | None) -> str | None:
    """Return an annotation as a component can bear it, where nothing is imported; None if it cannot.

    ``dict[str, float]`` stays; ``dict[str, Any]`` and an alias of it become ``dict``.
    """
    node = module.resolve(annotation)
    if node is None:
        return None
    names = {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
    texts = [
        found for found in ast.walk(node) if isinstance(found, ast.Constant) and found.value is not None
    ]
    text = ast.unparse(node)
    if (
        names <= BUILT_IN
        and not texts
        and not any(isinstance(found, ast.Attribute) for found in ast.walk(node))
    ):
        return text
    head = text.partition("[")[0].rpartition(".")[2].lower()
    return head if head in {"dict", "list"} else None
