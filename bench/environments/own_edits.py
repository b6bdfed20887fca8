"""Candidates for a change of a user's pipeline by which its output should change: of code, values and input files.

They are only proposed here. Whether one counts, plain Python decides (see :mod:`bench.execution.own_turns`).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from bench.contract.driver import SourceEdit, Turn
from bench.contract.own_parts import users_of
from bench.contract.pipeline import Kind, Pipeline, Value
from bench.contract.scenario_manifest import Turns

__all__ = ["candidates"]

Place = ast.expr | ast.stmt
MOST = 8
"""Candidates for one part."""
WRAPPED: dict[str, tuple[tuple[str, str], ...]] = {
    "table": (
        ("without its last row", "({0}).iloc[:-1]"),
        ("with its rows the other way round", "({0}).iloc[::-1].reset_index(drop=True)"),
    ),
    "list": (("without its last element", "({0})[:-1]"),),
    "dict": (("with one more key", '{{**({0}), "edited": 1}}'),),
    "int": (("plus 1", "({0}) + 1"),),
    "float": (("plus 0.5", "({0}) + 0.5"),),
    "str": (("with one more word", '({0}) + " edited"'),),
    "bool": (("negated", "not ({0})"),),
}
"""By the kind of a returned value: in words, and the expression that takes its place."""


def candidates(pipeline: Pipeline, kind: Turns, name: str, data: Path) -> Iterator[Turn]:
    """Yield changes of a part, those first that are least likely to break the pipeline. data: folder of its input."""
    users = users_of(pipeline, kind, name)
    rerun = next((stage for stage in pipeline.stages if stage in users), None)
    if kind == "stages":
        stage = pipeline.stages[name]
        if stage.copied:
            return  # The user's source has one function for it and for an earlier stage.
        value = stage.outputs[0].kind if len(stage.outputs) == 1 and stage.over is None else None
        fields = [(one.name, one.kind) for one in stage.outputs] if stage.several else []
        tables = [argument for argument, name in stage.inputs.items() if pipeline.kind(name) == "table"]
        found = _of_function(pipeline, stage.module, stage.function, value, fields, tables)
    elif kind == "helpers":
        module, _, function = name.rpartition(".")
        found = _of_function(pipeline, module, function, None, [], [])
    elif kind == "parameters":
        default = pipeline.parameters[name].default
        others = _other_values(default)
        yield from (
            Turn(name, f"{name} = {other!r} in place of {default!r}", parameters={name: other}, rerun=rerun)
            for other in others
        )
        return
    else:
        yield from _of_file(name, data / str(pipeline.parameters[name].default), rerun)
        return
    for number, (what, edit) in enumerate(found):
        if number == MOST:
            return
        yield Turn(name, what, edits=(edit,), rerun=rerun)


def _other_values(value: object) -> list[Value]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value * 2 + 1]
    if isinstance(value, float):
        return [value * 1.5 if value else 0.5, value / 2]
    if isinstance(value, str):
        shorter = value.rpartition(",")[0]
        return [*([shorter] if shorter else []), f"{value} edited", f"{value}1"]
    return []


def _of_file(name: str, path: Path, rerun: str | None) -> Iterator[Turn]:
    """Yield changes of one digit of a text file; its size stays. Those of the second half come first."""
    if not path.is_file():
        return
    content = path.read_bytes()
    for share in (0.5, 0.75, 0.9, 0.25):
        start = int(len(content) * share)
        found = next((at for at in range(start, len(content)) if content[at : at + 1].isdigit()), None)
        if found is not None:
            digit = ord("0") + (content[found] - ord("0") + 1) % 10
            what = f"{path.name}: byte {found} becomes {chr(digit)!r}"
            yield Turn(name, what, data={path.name: (found, digit)}, rerun=rerun)


def _of_function(
    pipeline: Pipeline,
    module: str,
    function: str,
    value: Kind | None,
    fields: list[tuple[str, Kind]],
    tables: list[str],
) -> Iterator[tuple[str, SourceEdit]]:
    """Yield edits of one function, each with what it does in words.

    value: kind of what it returns, if it is one value. fields: name and kind of each of several values. tables: the
    arguments that are tables.
    """
    text = pipeline.modules.get(module, "")
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    node = next(
        (one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == function), None
    )
    if node is None:
        return
    file = f"{module.replace('.', '/')}.py"
    source = _Source(text)
    found = (
        *_returns(node, source, value, fields),
        *_written(node, source),
        *_taken(node, source, tables),
        *_constants(node, source),
    )
    for what, place, new in found:
        edit = source.edit(file, node, place, new)
        if edit is not None:
            yield f"{function}, line {place.lineno}: {what}", edit


class _Source:
    """The text of a module, with the places of its syntax tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = text.encode().splitlines(keepends=True)

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """Return the text of an expression or statement."""
        return ast.get_source_segment(self.text, node) or ""

    def edit(self, file: str, function: ast.FunctionDef, place: Place, new: str) -> SourceEdit | None:
        """Return the edit that puts ``new`` in that place; None if its text stands there twice."""
        first, last = place.lineno - 1, place.end_lineno or place.lineno
        for top, bottom in ((first, last), (function.lineno - 1, function.end_lineno or last)):
            old = b"".join(self._lines[top:bottom])
            start = sum(map(len, self._lines[top:first])) + place.col_offset
            end = sum(map(len, self._lines[top : last - 1])) + (place.end_col_offset or 0)
            if self.text.count(old.decode()) == 1:
                return SourceEdit(file, old.decode(), (old[:start] + new.encode() + old[end:]).decode())
        return None


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is below a node, but not what belongs to a function or class inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield child
            yield from _own(child)


def _returns(
    node: ast.FunctionDef, source: _Source, value: Kind | None, fields: list[tuple[str, Kind]]
) -> Iterator[tuple[str, Place, str]]:
    """Yield other values for the last return statement, by the kind of what it returns."""
    statements = [one for one in _own(node) if isinstance(one, ast.Return) and one.value is not None]
    if not statements:
        return
    returned = max(statements, key=lambda one: one.lineno).value
    if returned is None:
        return
    if fields and isinstance(returned, ast.Call):
        given = {name: one for (name, _), one in zip(fields, returned.args, strict=False)}
        given |= {one.arg: one.value for one in returned.keywords if one.arg is not None}
        places = [
            (given[name], _form(kind, given[name], None))
            for name, kind in fields
            if name in given and not isinstance(given[name], ast.Starred)
        ]
    else:
        annotated = ast.unparse(node.returns) if node.returns is not None else ""
        places = [(returned, _form(value, returned, annotated))]
    for place, form in places:
        for what, wrapped in WRAPPED.get(form, ()):
            yield f"what it returns {what}", place, wrapped.format(source.segment(place))


def _form(kind: Kind | None, returned: ast.expr, annotated: str | None) -> str:
    """Return which of the forms a returned value has."""
    if kind is not None and kind != "json":
        return kind
    told = annotated or ""
    if isinstance(returned, ast.Dict | ast.DictComp) or told.lower().startswith("dict"):
        return "dict"
    if isinstance(returned, ast.List | ast.ListComp) or told.lower().startswith("list"):
        return "list"
    return "table" if told.endswith("DataFrame") else told


def _written(node: ast.FunctionDef, source: _Source) -> Iterator[tuple[str, Place, str]]:
    """Yield other texts for what a function writes to a file in one piece."""
    for below in _own(node):
        if isinstance(below, ast.Call) and isinstance(below.func, ast.Attribute) and below.args:
            end = {"write_text": '"\\n"', "write_bytes": 'b"\\n"'}.get(below.func.attr)
            if end is not None and not isinstance(below.args[0], ast.Starred):
                place = below.args[0]
                yield "what it writes with one more line", place, f"({source.segment(place)}) + {end}"


def _taken(node: ast.FunctionDef, source: _Source, tables: list[str]) -> Iterator[tuple[str, Place, str]]:
    """Yield a first statement that takes away the last row of a table that the function is given."""
    documented = ast.get_docstring(node) is not None
    body = node.body[1:] if documented else node.body
    if not body or body[0].lineno == node.lineno:
        return
    for argument in tables:
        line = f"{argument} = {argument}.iloc[:-1]\n{' ' * body[0].col_offset}"
        yield f"it leaves out the last row of {argument}", body[0], line + source.segment(body[0])


def _constants(node: ast.FunctionDef, source: _Source) -> Iterator[tuple[str, Place, str]]:
    """Yield other numbers and texts for the constants of a body: numbers with a point, whole ones, then texts."""
    body = [below for statement in node.body for below in (statement, *_own(statement))]
    indices = {
        id(one) for below in body if isinstance(below, ast.Subscript) for one in ast.walk(below.slice)
    }
    formats = {id(one) for below in body if isinstance(below, ast.JoinedStr) for one in ast.walk(below)}
    docstring = ast.get_docstring(node, clean=False)
    found: dict[str, list[tuple[str, ast.expr, str]]] = {"float": [], "int": [], "text": []}
    for below in body:
        if not isinstance(below, ast.Constant) or id(below) in indices | formats:
            continue
        value, shown = below.value, source.segment(below)
        if isinstance(value, float):
            found["float"].append((f"{shown} becomes", below, repr(value * 1.5 if value else 0.5)))
        elif isinstance(value, int) and not isinstance(value, bool):
            found["int"].append((f"{shown} becomes", below, repr(value + 1)))
        elif isinstance(value, str) and value != docstring and _prose(value):
            found["text"].append((f"{shown[:40]} becomes", below, repr(value + "edited ")))
    for what, place, new in (*found["float"], *found["int"], *found["text"]):
        yield f"{what} {new[:60]}", place, new


def _prose(value: str) -> bool:
    """Whether a text looks like one that is shown, and not like a name of a column, a key or a file."""
    return any(letter in value for letter in " \n#<|") and value.strip(" \n") != ""
