"""Reading and extending the text of a user's module without touching what the user wrote.

Adapters use this to put decorators above stages and imports below imports; every other line stays
byte for byte what it was.
"""

import ast
import functools
import io
import threading
import tokenize
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.errors import PipelineError

__all__ = ["decorate", "function_node", "function_text", "parse", "retype", "source_text"]

# CPython 3.11 counts the depth of a tree that it builds in a variable that all threads share, and one thread
# makes another fail: "SystemError: AST constructor recursion depth mismatch",
# https://github.com/python/cpython/issues/106905
_ONE_PARSER = threading.Lock()


def source_text(path: Path) -> str:
    """Return the text of a source file as Python reads it: by its coding line, without a byte order mark.

    A coding line is turned into UTF-8's, in which all is written. Raises SyntaxError for an unknown encoding,
    UnicodeDecodeError for other bytes than it says.
    """
    data = path.read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    text = io.TextIOWrapper(io.BytesIO(data), encoding, newline=None).read()
    if encoding in ("utf-8", "utf-8-sig"):
        return text
    lines = text.split("\n")
    for index, line in enumerate(lines[:2]):
        # Such as "# -*- coding: latin-1 -*-"; other lines of the comment stay, so that no line number changes.
        if line.lstrip().startswith("#") and "coding" in line:
            lines[index] = "# -*- coding: utf-8 -*-"
            break
    return "\n".join(lines)


@functools.lru_cache(maxsize=256)
def parse(text: str, name: str) -> ast.Module:
    """Parse a module's text, once; treat the tree as read-only. Raises PipelineError with its name and the line."""
    try:
        with _ONE_PARSER:
            return ast.parse(text)
    except SyntaxError as error:
        raise PipelineError(f"{name}.py:{error.lineno}: {error.msg}") from error
    except ValueError as error:
        raise PipelineError(f"{name}.py: {error}") from error


@functools.lru_cache(maxsize=256)
def _functions(text: str, module: str) -> dict[str, ast.FunctionDef]:
    """Return the top-level functions; of two of one name the last, as Python does."""
    return {node.name: node for node in parse(text, module).body if isinstance(node, ast.FunctionDef)}


def function_node(text: str, module: str, function: str) -> ast.FunctionDef:
    """Return the top-level function of that name. Raises PipelineError where there is none."""
    try:
        return _functions(text, module)[function]
    except KeyError:
        raise PipelineError(f"{module}.py has no plain top-level function '{function}'") from None


def function_text(text: str, module: str, function: str) -> str:
    """Return the lines of a top-level function, decorators included."""
    node = function_node(text, module, function)
    return "\n".join(_lines(text)[_first_line(node) - 1 : node.end_lineno])


def retype(text: str, module: str, types: Mapping[str, Mapping[str, str]]) -> str:
    """Return the module with other annotations of arguments, and of what functions return.

    types: function name to argument, or ``return``, to the annotation as source. An annotation of several lines stays.
    """
    changes = []
    for function, by_argument in types.items():
        returned = function_node(text, module, function).returns if "return" in by_argument else None
        if returned is not None and returned.lineno == returned.end_lineno:
            start, end = (
                (returned.lineno, returned.col_offset),
                (returned.lineno, returned.end_col_offset or 0),
            )
            changes.append((start, end, by_argument["return"]))
        for argument in function_node(text, module, function).args.args if by_argument else ():
            node, wanted = argument.annotation, by_argument.get(argument.arg)
            if wanted is None:
                continue
            if node is None:
                end = (argument.lineno, argument.col_offset + len(argument.arg.encode()))
                changes.append((end, end, f": {wanted}"))
            elif node.lineno == node.end_lineno:
                changes.append(
                    ((node.lineno, node.col_offset), (node.lineno, node.end_col_offset or 0), wanted)
                )
    lines = [line.encode() for line in _lines(text)]
    for (number, first), (_, last), wanted in sorted(changes, reverse=True):
        line = lines[number - 1]
        lines[number - 1] = line[:first] + wanted.encode() + line[last:]
    return "\n".join(line.decode() for line in lines) + "\n" if changes else text


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
