"""The user's modules in a project of decorated tasks: those with stages go to ``src/tasks``."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bench.contract.codegen.format import bracketed
from bench.contract.codegen.source import decorate, parse, retype
from bench.contract.pipeline import Pipeline, Stage
from bench.errors import PipelineError

__all__ = ["Decoration", "arrange"]


@dataclass(frozen=True)
class Decoration:
    """What the decorator of a stage says.

    arguments: as source. names: what it uses of the tool's package beside ``task``. imports: lines that
    import what it uses from elsewhere, each ``from x import y``. below: names of further decorators, which
    stand between that one and the function. retyped: argument, or ``return``, to the annotation that it gets.
    """

    arguments: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    retyped: Mapping[str, str] = field(default_factory=dict)


def arrange(
    pipeline: Pipeline,
    package: str,
    taken: Iterable[str],
    decoration: Callable[[Stage], Decoration],
) -> Iterator[tuple[str, str]]:
    """Yield path below ``src`` and text of each of the user's modules.

    package: that has the decorator ``task``. taken: top-level names that the project needs itself.
    decoration: what is said of each stage. Raises PipelineError where a module has such a name, binds a
    name that a decorator uses, or imports one with stages.
    """
    with_stages = {stage.module for stage in pipeline.stages.values()}
    for name, text in pipeline.modules.items():
        _check_imports(name, text, with_stages)
        if name in with_stages:
            yield f"tasks/{name}.py", _decorated(pipeline, name, package, decoration)
        elif name in taken:
            raise PipelineError(f"{name}.py: a project of this tool has a '{name}' of its own; rename it")
        else:
            yield f"{name}.py", text


def _decorated(
    pipeline: Pipeline, module: str, package: str, decoration: Callable[[Stage], Decoration]
) -> str:
    text = pipeline.modules[module]
    tree = parse(text, module)
    types = {
        stage.function: decoration(stage).retyped
        for stage in pipeline.stages.values()
        if stage.module == module
    }
    bound = set(_bound(tree))
    stages = [stage for stage in pipeline.stages.values() if stage.module == module]
    said = {stage.function: decoration(stage) for stage in stages}
    names = {name for one in said.values() for name in one.names}
    imports = {line for one in said.values() for line in one.imports}
    elsewhere = {name for line in imports for name in line.partition(" import ")[2].split(", ")}
    for name in sorted(bound & (names | elsewhere)):
        raise PipelineError(f"{module}.py: a project of this tool uses the name '{name}'; choose another")
    task = "task" if "task" not in bound else f"{package}.task"
    lines = [f"import {package}"] if "task" in bound else []
    wanted = sorted(names | ({"task"} if "task" not in bound else set()), key=_member)
    lines += [f"from {package} import {', '.join(wanted)}"] if wanted else []
    decorators = {
        function: [
            *(
                bracketed(f"@{task}(", one.arguments, ")", indent="").split("\n")
                if one.arguments
                else [f"@{task}"]
            ),
            *(f"@{name}" for name in one.below),
        ]
        for function, one in said.items()
    }
    return decorate(
        retype(text, module, types), module, decorators, _import_lines(tree, [*lines, *sorted(imports)])
    )


def _member(name: str) -> tuple[bool, str]:
    """Order names as import sorters do: classes before functions."""
    return (name[0].islower(), name)


def _import_lines(tree: ast.Module, lines: list[str]) -> list[str]:
    """Return imports with the blank lines that they need, below the other imports or the docstring."""
    first = tree.body[:2]
    if first and _is_docstring(first[0]):
        follows_import = isinstance(first[-1], ast.Import | ast.ImportFrom)
        return lines if follows_import else ["", *lines]
    return lines if isinstance(first[0], ast.Import | ast.ImportFrom) else [*lines, "", ""]


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
