"""The user's modules in a project of decorated tasks: those with stages go to ``src/tasks``."""

import ast
from collections.abc import Iterable, Iterator

from bench.errors import PipelineError
from bench.pipeline import Pipeline
from bench.source import decorate, parse

__all__ = ["arrange"]


def arrange(pipeline: Pipeline, package: str, taken: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield path below ``src`` and text of each of the user's modules.

    package: that has the decorator ``task``. taken: top-level names that the project needs itself.
    Raises PipelineError where a module has such a name, or imports one with stages.
    """
    with_stages = {stage.module for stage in pipeline.stages.values()}
    for name, text in pipeline.modules.items():
        _check_imports(name, text, with_stages)
        if name in with_stages:
            yield f"tasks/{name}.py", _decorated(pipeline, name, package)
        elif name in taken:
            raise PipelineError(f"{name}.py: a project of this tool has a '{name}' of its own; rename it")
        else:
            yield f"{name}.py", text


def _decorated(pipeline: Pipeline, module: str, package: str) -> str:
    text = pipeline.modules[module]
    tree = parse(text, module)
    if "task" in set(_bound(tree)):
        imported, decorator = f"import {package}", f"@{package}.task"
    else:
        imported, decorator = f"from {package} import task", "@task"
    functions = {stage.function for stage in pipeline.stages.values() if stage.module == module}
    return decorate(
        text, module, {function: [decorator] for function in functions}, _import_lines(tree, imported)
    )


def _import_lines(tree: ast.Module, imported: str) -> list[str]:
    """Return the import with the blank lines that it needs, below the other imports or the docstring."""
    first = tree.body[:2]
    if first and _is_docstring(first[0]):
        follows_import = isinstance(first[-1], ast.Import | ast.ImportFrom)
        return [imported] if follows_import else ["", imported]
    return [imported] if isinstance(first[0], ast.Import | ast.ImportFrom) else [imported, "", ""]


def _bound(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module binds at its top level."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        else:
            names = (found for found in ast.walk(node) if isinstance(found, ast.Name))
            yield from (found.id for found in names if isinstance(found.ctx, ast.Store))


def _check_imports(module: str, text: str, with_stages: set[str]) -> None:
    for node in ast.walk(parse(text, module)):
        if isinstance(node, ast.Import):
            imported = {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported = {node.module or ""}
        else:
            continue
        for name in sorted(imported & with_stages):
            raise PipelineError(
                f"{module}.py:{node.lineno}: imports '{name}', whose functions become tasks in the package "
                "'tasks'; move what is shared to a module without stages"
            )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
