"""The data classes that Flyte can hand on only by pickle, and the annotations that ask for it.

Flyte turns a data class into JSON field by field with mashumaro, and stops where a field's type is unknown to that:
"Field "users" of type ndarray in Factors is not serializable" (observed with flytekit 1.16.31). Its documentation has
``FlytePickle`` for what has no type of its own:
https://docs-legacy.flyte.org/en/latest/user_guide/data_types_and_io/pickle_type.html
"""

import ast
from collections.abc import Iterator

from bench.contract.codegen.source import function_node, parse
from bench.pipeline import Pipeline, Stage

__all__ = ["IMPORT", "retyped"]

IMPORT = "from flytekit.types.pickle import FlytePickle"
KNOWN = frozenset((
    "Any", "ClassVar", "Date", "Decimal", "Dict", "Fraction", "List", "Literal", "Mapping", "Optional", "Path",
    "Sequence", "Set", "Tuple", "UUID", "Union", "bool", "bytes", "date", "datetime", "dict", "float", "frozenset",
    "int", "list", "set", "str", "time", "timedelta", "tuple",
))  # fmt: skip
"""Types of fields that mashumaro knows, and what they are written with."""


def retyped(pipeline: Pipeline, stage: Stage) -> dict[str, str]:
    """Return by argument, and as ``return``, the annotations that have to name ``FlytePickle``."""
    text = pipeline.modules[stage.module]
    function = function_node(text, stage.module, stage.function)
    wanted = {argument.arg: argument.annotation for argument in function.args.args}
    wanted["return"] = function.returns
    pickled = _pickled(pipeline)
    found = {}
    for name, node in wanted.items():
        if node is not None and any(one.id in pickled for one in _names(node)):
            found[name] = ast.unparse(_Wrapped(pickled).visit(ast.parse(ast.unparse(node), mode="eval")))
    return found


def _pickled(pipeline: Pipeline) -> frozenset[str]:
    """Return the names of the user's data classes with a field that Flyte cannot turn into JSON."""
    classes = {
        node.name: node
        for module, text in pipeline.modules.items()
        for node in parse(text, module).body
        if isinstance(node, ast.ClassDef)
    }
    found: set[str] = set()
    while True:
        more = {
            name
            for name, node in classes.items()
            if _is_data(node) and any(_unknown(one.id, classes, found) for one in _field_names(node))
        }
        if more <= found:
            return frozenset(found)
        found |= more


def _unknown(name: str, classes: dict[str, ast.ClassDef], found: set[str]) -> bool:
    if name in classes:
        return name in found or not (_is_data(classes[name]) or _is_enum(classes[name]))
    return name not in KNOWN


def _is_data(node: ast.ClassDef) -> bool:
    decorators = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
    return any(getattr(one, "id", getattr(one, "attr", "")) == "dataclass" for one in decorators)


def _is_enum(node: ast.ClassDef) -> bool:
    return any(getattr(base, "id", getattr(base, "attr", "")).endswith("Enum") for base in node.bases)


def _field_names(node: ast.ClassDef) -> Iterator[ast.Name]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign):
            yield from _names(line.annotation)


def _names(node: ast.expr) -> Iterator[ast.Name]:
    """Yield the names in an annotation; of ``np.ndarray`` the last, and of a text what it says."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return
    if isinstance(node, ast.Name):
        yield node
    elif isinstance(node, ast.Attribute):
        yield ast.Name(node.attr)
    elif not (isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal"):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from _names(child)


class _Wrapped(ast.NodeTransformer):
    """Writes ``FlytePickle[Name]`` for each of these names."""

    def __init__(self, pickled: frozenset[str]) -> None:
        self._pickled = pickled

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._pickled:
            return node
        return ast.Subscript(ast.Name("FlytePickle"), node)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        return self.visit(ast.parse(node.value, mode="eval").body)  # type: ignore[no-any-return]
