"""Puts the stages' statements of a traced file in spans, in its syntax tree; imported by the first one.

Works on ``_ast`` and ``compile`` alone, because ``import ast`` takes longer than all the rest. Positions
are kept; nothing is added to the module's names or to the functions' locals: the spans are found among
the builtins.
"""
# ruff: noqa: PLW0603, PTH123 - read once per process, without importing pathlib

import _ast
import json

import orchestrator_bench_trace as trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

ONLY_TREE = 0x0400
"""``ast.PyCF_ONLY_AST``."""
FUNCTIONS = (_ast.FunctionDef, _ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, _ast.ClassDef)
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")

_spans: "dict[str, list[dict[str, Any]]]" = {}
_read = False


def traced(data: bytes, path: str, file: str, *, whole: bool = True) -> "_ast.Module | None":
    """Return the tree of a file with its spans; None where it has none or is no Python.

    whole: whether all functions that spans name for this file must be in it. A file that a tool writes
    itself may hold one stage at a time, each under the same name.
    """
    spans = _spans_of(file)
    if not spans:
        return None
    try:
        tree: Any = compile(data, path, "exec", ONLY_TREE, dont_inherit=True)
    except (SyntaxError, ValueError):
        # Raised again when the loader compiles the same bytes, in the way that Python does it.
        return None
    wanted: dict[str, list[dict[str, Any]]] = {}
    for span in spans:
        wanted.setdefault(span["function"].replace("<locals>.", ""), []).append(span)
    found = set()
    for name, node in _functions(tree.body, ""):
        if name in wanted:
            found.add(name)
            _put_in_spans(node, wanted[name])
    for name in sorted(set(wanted) - found) if whole else ():
        for span in wanted[name]:
            _report(span, f"no function {name}")
    return tree  # type: ignore[no-any-return]


def _spans_of(file: str) -> "list[dict[str, Any]]":
    global _read
    if not _read:
        with open(f"{trace.folder}/spans.json", encoding="utf-8") as stream:
            for span in json.load(stream):
                _spans.setdefault(span["file"], []).append(span)
        _read = True
    return _spans.get(file, [])


def _functions(body: "list[Any]", prefix: str) -> "Iterator[tuple[str, Any]]":
    for node in body:
        if isinstance(node, SCOPES):
            if isinstance(node, FUNCTIONS):
                yield prefix + node.name, node
            yield from _functions(node.body, f"{prefix}{node.name}.")
        else:
            for block in BLOCKS:
                yield from _functions(getattr(node, block, []), prefix)


def _put_in_spans(function: "Any", spans: "list[dict[str, Any]]") -> None:
    body = function.body
    skipped = 1 if _is_docstring(body[0]) else 0
    count = len(body) - skipped
    ranges = []
    for span in spans:
        first, last = (at if at >= 0 else count + at for at in (span["first"], span["last"]))
        if 0 <= first <= last < count:
            ranges.append((first + skipped, last + skipped, span))
        else:
            _report(span, f"no statements {span['first']}..{span['last']} in {function.name}")
    # From the end, so that the indexes of those before stay right.
    for first, last, span in sorted(ranges, key=lambda item: item[0], reverse=True):
        body[first : last + 1] = [_in_span(body[first : last + 1], span)]


def _in_span(statements: "list[Any]", span: "dict[str, Any]") -> _ast.With:
    at = statements[0]
    place = {
        "lineno": at.lineno,
        "col_offset": at.col_offset,
        "end_lineno": at.lineno,
        "end_col_offset": at.col_offset,
    }
    arguments: list[Any] = [_ast.Constant(value=span["stage"], **place)]
    if trace.digests:
        inputs: Any = tuple(span["inputs"])
        arguments += [_ast.Constant(value=value, **place) for value in (inputs, span["result"])]
        if span["result"] is None:
            for node in _returns(statements):
                node.value = _call(trace.RESULT, [node.value], _place_of(node.value))
    context = _call(trace.SPAN, arguments, place)
    item = _ast.withitem(context_expr=context, optional_vars=None)
    return _ast.With(items=[item], body=statements, type_comment=None, **place)


def _returns(nodes: "list[Any]") -> "Iterator[Any]":
    for node in nodes:
        if isinstance(node, _ast.Return):
            if node.value is not None:
                yield node
        elif not isinstance(node, SCOPES):
            for block in BLOCKS:
                yield from _returns(getattr(node, block, []))


def _call(name: str, arguments: "list[Any]", place: "dict[str, Any]") -> _ast.Call:
    function = _ast.Name(id=name, ctx=_ast.Load(), **place)
    return _ast.Call(func=function, args=arguments, keywords=[], **place)


def _place_of(node: "Any") -> "dict[str, Any]":
    return {name: getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")}


def _is_docstring(node: "Any") -> bool:
    return (
        isinstance(node, _ast.Expr)
        and isinstance(node.value, _ast.Constant)
        and isinstance(node.value.value, str)
    )


def _report(span: "dict[str, Any]", problem: str) -> None:
    more = f',"stage":{trace.quote(span["stage"])},"file":{trace.quote(span["file"])}'
    trace.write("missing", f'{more},"detail":{trace.quote(problem)}')
