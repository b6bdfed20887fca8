"""The statements of a function as source nodes: split, put together again, and what goes around them."""

from collections.abc import Iterable, Sequence

import libcst as cst

from .layout import import_sections
from .module import Import, Module, Needs

__all__ = ["block", "comments", "count", "nested", "parse", "repeated", "split", "with_result"]

Statement = cst.BaseStatement
BLANK = cst.EmptyLine(indent=False)


def parse(module: Module, lines: Iterable[str]) -> list[Statement]:
    """Return generated lines as nodes."""
    config = module.config
    return [_statement(line, config) for line in lines]


def _statement(line: str, config: cst.PartialParserConfig) -> Statement:
    node = cst.parse_statement(line + "\n", config=config)
    if not isinstance(node, Statement):
        raise TypeError(f"{line!r} is no statement")
    return node


def count(statements: Iterable[Statement]) -> int:
    """Return how many statements there are to Python, which splits lines at semicolons."""
    return sum(len(node.body) if isinstance(node, cst.SimpleStatementLine) else 1 for node in statements)


def comments(node: cst.FunctionDef) -> list[cst.EmptyLine]:
    """Return the comment lines directly above a function."""
    kept: list[cst.EmptyLine] = []
    for line in reversed(node.leading_lines):
        if line.comment is None:
            break
        kept.insert(0, line)
    return kept


def split(function: cst.FunctionDef) -> tuple[list[Statement], list[Statement]]:
    """Return the docstring, if there is one, and the other statements."""
    if isinstance(function.body, cst.IndentedBlock):
        statements = list(function.body.body)
    else:
        small = [node for node in function.body.body if isinstance(node, cst.BaseSmallStatement)]
        statements = [cst.SimpleStatementLine(body=small)]
    if function.get_docstring(clean=False) is None:
        return [], statements
    first = statements[0]
    if isinstance(first, cst.SimpleStatementLine) and len(first.body) > 1:
        return [], statements
    rest = statements[1:]
    return [first], rest or [cst.SimpleStatementLine(body=[cst.Pass()])]


def with_result(
    statements: Sequence[Statement], name: str, local: frozenset[str]
) -> tuple[str, list[Statement]]:
    """Turn the last ``return`` into an assignment; returns the local that holds the value.

    ``return table`` needs none: the value has a name already.
    """
    line = statements[-1]
    if not isinstance(line, cst.SimpleStatementLine) or not isinstance(line.body[-1], cst.Return):
        raise TypeError("the last statement is no return")
    last = line.body[-1]
    value = last.value
    if value is None:
        raise TypeError("the last statement returns nothing")
    alone = len(line.body) == 1 and line.trailing_whitespace.comment is None and not line.leading_lines
    if alone and len(statements) > 1 and isinstance(value, cst.Name) and value.value in local:
        return value.value, list(statements[:-1])
    space = last.whitespace_after_return
    if isinstance(space, cst.MaybeSentinel) or not getattr(space, "value", " "):
        space = cst.SimpleWhitespace(" ")
    target = cst.AssignTarget(target=cst.Name(name), whitespace_after_equal=space)
    assign = cst.Assign(targets=[target], value=value, semicolon=last.semicolon)
    return name, [*statements[:-1], line.with_changes(body=[*line.body[:-1], assign])]


def nested(function: cst.FunctionDef) -> cst.FunctionDef:
    """Return a function to stand in a body: without annotations and defaults, which its callers do not need."""
    plain = [
        parameter.with_changes(annotation=None, default=None, equal=cst.MaybeSentinel.DEFAULT)
        for parameter in function.params.params
    ]
    parameters = function.params.with_changes(params=plain)
    return function.with_changes(
        params=parameters, returns=None, leading_lines=[], lines_after_decorators=[]
    )


def repeated(module: Module, needs: Needs, libraries: Iterable[Import] = ()) -> list[list[Statement]]:
    """Return what of the module a body repeats: its imports, sorted, then its values, as they come."""
    sections = import_sections({*needs.imports, *libraries})
    values: list[Statement] = []
    for index in sorted(needs.statements):
        node = module.node(index)
        above = [line for line in getattr(node, "leading_lines", ()) if line.comment is not None]
        if values and _spaced(node, values[-1]):
            above.insert(0, BLANK)
        values.append(node.with_changes(leading_lines=above))
    groups = [*(parse(module, lines) for lines in sections), values]
    return [group for group in groups if group]


def block(
    function: cst.FunctionDef,
    docstring: Sequence[Statement],
    head: Sequence[Sequence[Statement]],
    statements: Sequence[Statement],
    tail: Sequence[Statement],
) -> cst.IndentedBlock:
    """Return a body with a blank line between its parts, indented as the user's function is."""
    body = list(docstring)
    for group in (*head, statements):
        body += _after_blank(group) if len(body) > len(docstring) else group
    body += _after_blank(tail)
    if isinstance(function.body, cst.IndentedBlock):
        return function.body.with_changes(body=body)
    return cst.IndentedBlock(body=body)


def _after_blank(group: Sequence[Statement]) -> list[Statement]:
    if not group:
        return []
    lines = list(getattr(group[0], "leading_lines", ()))
    if lines and lines[0].comment is None:
        return list(group)
    return [group[0].with_changes(leading_lines=[BLANK, *lines]), *group[1:]]


def _spaced(node: Statement, before: Statement) -> bool:
    return any(isinstance(one, cst.FunctionDef | cst.ClassDef) for one in (node, before))
