"""Reading and extending the text of a user's module without touching what the user wrote.

Adapters use this to put decorators above stages and imports below imports; every other line stays
byte for byte what it was.
"""

import ast
from collections.abc import Mapping, Sequence

from bench.errors import PipelineError

__all__ = ["decorate", "function_node", "function_text", "parse"]


def parse(text: str, name: str) -> ast.Module:
    """Parse a module's text. Raises PipelineError with its name and the line."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise PipelineError(f"{name}.py:{error.lineno}: {error.msg}") from error


def function_node(text: str, module: str, function: str) -> ast.FunctionDef:
    """Return the top-level function of that name. Raises PipelineError where there is none."""
    for node in parse(text, module).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return node
    raise PipelineError(f"{module}.py has no plain top-level function '{function}'")


def function_text(text: str, module: str, function: str) -> str:
    """Return the lines of a top-level function, decorators included."""
    node = function_node(text, module, function)
    return "\n".join(_lines(text)[_first_line(node) - 1 : node.end_lineno])


def decorate(
    text: str, module: str, decorators: Mapping[str, Sequence[str]], imports: Sequence[str] = ()
) -> str:
    """Return the module with lines put above functions, and imports below its last import.

    decorators: function name to the lines that go directly above its ``def``.
    """
    lines = _lines(text)
    insertions: dict[int, list[str]] = {}
    if imports:
        insertions[_after_imports(parse(text, module))] = [*imports]
    for function, above in decorators.items():
        node = function_node(text, module, function)
        insertions.setdefault(node.lineno - 1, []).extend(above)
    result: list[str] = []
    for index in range(len(lines) + 1):
        result.extend(insertions.get(index, ()))
        if index < len(lines):
            result.append(lines[index])
    return "\n".join(result) + "\n"


def _lines(text: str) -> list[str]:
    """Return the lines as Python counts them: str.splitlines() also splits inside string literals."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _after_imports(tree: ast.Module) -> int:
    """Return the index of the line after the last import of the module's head, or after its docstring."""
    last = 0
    for index, node in enumerate(tree.body):
        docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if docstring or isinstance(node, ast.Import | ast.ImportFrom):
            last = node.end_lineno or 0
        else:
            break
    return last
