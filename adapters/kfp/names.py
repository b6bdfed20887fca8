"""Names in a syntax tree: what binds them, what changes what they stand for, what belongs to a scope."""

import ast
import symtable
from collections.abc import Iterator

__all__ = ["bound_by", "changed_name", "first_mention", "global_names", "own_returns", "own_scope"]

CHANGING_METHODS = frozenset(
    {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse"}
    | {"setdefault", "sort", "update"}
)


def bound_by(node: ast.AST) -> set[str]:
    """Return the names that a statement binds in its own scope."""
    names: set[str] = set()
    stack: list[ast.AST] = [node]
    while stack:
        found = stack.pop()
        if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(found.name)
        elif isinstance(found, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in found.names}
        elif isinstance(found, ast.Name) and isinstance(found.ctx, ast.Store):
            names.add(found.id)
        elif not isinstance(
            found, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
        ):
            stack.extend(ast.iter_child_nodes(found))
    return names


def global_names(table: symtable.SymbolTable) -> set[str]:
    """Return the global names that a function uses, those of functions in it too."""
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    for child in table.get_children():
        names |= global_names(child)
    return names


def changed_name(node: ast.AST) -> str | None:
    """Return the name whose value a node changes in place: ``a[0] = 1``, ``a.b = 1``, ``a.append(1)``."""
    target: ast.AST | None = None
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        target = node.value
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CHANGING_METHODS
    ):
        target = node.func.value
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def first_mention(node: ast.AST, names: set[str]) -> ast.AST:
    """Return the first place in a tree where one of the names is used; the tree itself if none is."""
    for found in ast.walk(node):
        if isinstance(found, ast.Name) and found.id in names:
            return found
    return node


def own_scope(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of a function, without those of functions and classes in it, in their order."""
    stack: list[ast.AST] = list(reversed(function.body))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))


def own_returns(function: ast.FunctionDef) -> list[ast.Return]:
    """Return the return statements of a function itself."""
    return [node for node in own_scope(function) if isinstance(node, ast.Return)]
