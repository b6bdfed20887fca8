"""What of a module of stages a component has to import instead of repeat: what objects refer to by their module.

An object of a class is stored with the name of the class's module, and so is a function that an object holds, such as
that of a ``FunctionTransformer``. Repeated in a component's body, neither would be found by the task that reads it.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping

from bench.pipeline import Kind, Stage

from .module import Module, Needs

__all__ = ["imported_names"]

PLAIN_CLASSES = ("NamedTuple", "TypedDict", "Protocol")


def imported_names(module: Module, stages: Iterable[Stage], kinds: Mapping[str, Kind]) -> frozenset[str]:
    """Return the classes and functions of a module that its stages put into models."""
    found: set[str] = set()
    for stage in stages:
        made = {kinds[output.name] for output in stage.outputs}
        given = {kinds[data] for data in stage.inputs.values()}
        if "model" not in made | given:
            continue
        needs = list(_closure(module, stage.function))
        for index in {index for one in needs for index in one.statements}:
            node = module.top[index]
            if isinstance(node, ast.ClassDef) and not _is_plain(node):
                found.add(node.name)
        if "model" in made:
            helpers = {name for one in needs for name in one.helpers}
            found |= {name for name in helpers if _is_value(module, {stage.function, *helpers}, name)}
    return frozenset(found)


def _closure(module: Module, function: str) -> Iterator[Needs]:
    """Yield what a function needs, and what its helpers need."""
    seen: set[str] = set()
    waiting = {function}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        needs = module.needs_of(name)
        yield needs
        waiting |= needs.helpers - seen


def _is_plain(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith(PLAIN_CLASSES) for base in node.bases)


def _is_value(module: Module, functions: Iterable[str], name: str) -> bool:
    """Whether one of the functions hands on the function of that name, and does not only call it."""
    for function in functions:
        called = {
            id(node.func) for node in ast.walk(module.functions[function]) if isinstance(node, ast.Call)
        }
        for node in ast.walk(module.functions[function]):
            if isinstance(node, ast.Name) and node.id == name and id(node) not in called:
                return True
    return False
