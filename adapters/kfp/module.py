"""What one function of a user's module needs from the rest of that module.

KFP ships the source of a component's function and nothing around it, so whatever a function reads from
its module (imports, constants, classes, helper functions) has to be known by name.
"""

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import libcst as cst

from bench.contract.codegen.source import parse
from bench.errors import PipelineError, UnsupportedError

from .names import bound_by, changed_name, first_mention, global_names

__all__ = ["Import", "Module", "Needs"]

SOURCE = (
    "a lightweight component 'may not reference any symbols defined outside of its body' and runs alone: "
    "https://www.kubeflow.org/docs/components/pipelines/user-guides/components/lightweight-python-components/"
)
SEES_EVERYTHING = frozenset({"__file__", "eval", "exec", "globals", "locals", "vars"})


@dataclass(frozen=True)
class Import:
    """One name that an import statement of the module binds; ``name`` is None for ``import module``."""

    index: int
    module: str
    name: str | None
    alias: str | None

    @property
    def bound(self) -> str:
        """Return the name that it binds."""
        return self.alias or self.name or self.module.partition(".")[0]


@dataclass
class Needs:
    """What a function needs. statements: indexes of top-level statements, to be repeated in its body.

    helpers: plain functions that KFP can ship beside it. local: names that the function itself binds.
    """

    imports: set[Import] = field(default_factory=set)
    statements: set[int] = field(default_factory=set)
    helpers: set[str] = field(default_factory=set)
    local: frozenset[str] = frozenset()


class Module:
    """A user's module: its text, the nodes of its top level, and what each of them binds.

    beside: names of the user's other modules. stages: functions of this one that become components, so
    that they cannot be shipped as helpers under their names.
    """

    def __init__(self, name: str, text: str, beside: Iterable[str], stages: Iterable[str]) -> None:
        self.name = name
        self.beside = frozenset(beside)
        self.stages = frozenset(stages)
        try:
            self.tree = parse(text, name)
            self.table = symtable.symtable(text, f"{name}.py", "exec")
        except SyntaxError as error:
            raise PipelineError(f"{name}.py:{error.lineno}: {error.msg}") from error
        # Of two functions of one name the last counts, as in Python.
        self._tables = {child.get_name(): child for child in self.table.get_children()}
        self.code = cst.parse_module(text)
        self.config = self.code.config_for_parsing
        self.nodes = list(_top_level(self.code))
        self.functions = {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}
        self.imports: dict[str, list[Import]] = {}
        self.bound: dict[str, set[int]] = {}
        self.types_only: set[str] = set()
        self.effects: list[int] = []
        self.top = self.tree.body
        self.imported: frozenset[str] = frozenset()
        """Names that components import from a copy of this module, because objects of tasks refer to them there."""
        for index, node in enumerate(self.top):
            self._bind(index, node)

    def refuse(self, node: ast.AST, reason: str) -> UnsupportedError:
        """Return the error that names the place in the user's file."""
        return UnsupportedError(f"{self.name}.py:{getattr(node, 'lineno', 1)}: {reason}", SOURCE)

    def node(self, index: int) -> cst.BaseStatement:
        """Return the source node of a top-level statement."""
        return self.nodes[index]

    def function(self, name: str) -> ast.FunctionDef:
        """Return a stage's function. Raises PipelineError where it is none that KFP can take."""
        node = self.functions.get(name)
        if node is None:
            raise PipelineError(
                f"{self.name}.py has no plain function '{name}' at its top level; "
                "a KFP component is made from the source of one: write it as 'def'"
            )
        if node.decorator_list:
            raise self.refuse(
                node.decorator_list[0],
                f"'{name}' is decorated, and KFP drops decorators; call in its body what it needs",
            )
        arguments = node.args
        if arguments.vararg or arguments.kwarg or arguments.posonlyargs or arguments.kwonlyargs:
            raise self.refuse(node, f"'{name}' must have plain arguments only, without '*' or '/'")
        return node

    def needs_of(self, name: str, *, effects: bool = False) -> Needs:
        """Return what a function's body needs; with ``effects`` also what the module does on import.

        Raises PipelineError with the line of what cannot be taken along.
        """
        node = self.functions[name]
        table = self._table(name)
        local = frozenset(symbol.get_name() for symbol in table.get_symbols() if symbol.is_local())
        needs = Needs(local=local)
        self._check(node)
        wanted = {used for used in global_names(table) if not self._known(node, used)}
        if effects:
            for index in self.effects:
                needs.statements.add(index)
                wanted |= self._mentioned(self.top[index])
        self._collect(wanted, needs)
        clash = {bound for index in needs.statements for bound in bound_by(self.top[index])} & local
        if clash:
            raise self.refuse(
                first_mention(node, clash),
                f"'{min(clash)}' is a local name of '{name}' and a name of the module that it needs in "
                "its body; rename one of the two",
            )
        return needs

    def needs_of_expression(self, node: ast.AST, needs: Needs) -> None:
        """Add to ``needs`` what an expression in a function's signature needs."""
        self._collect(self._mentioned(node), needs)

    def resolve(self, annotation: ast.expr | None) -> ast.expr | None:
        """Return what an annotation stands for, behind quotes and aliases of the module."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            try:
                return self.resolve(ast.parse(annotation.value, mode="eval").body)
            except SyntaxError:
                return None
        if isinstance(annotation, ast.Name) and len(self.bound.get(annotation.id, ())) == 1:
            node = self.top[min(self.bound[annotation.id])]
            if isinstance(node, ast.Assign | ast.AnnAssign):
                return node.value
        return annotation

    def field_annotation(self, annotation: ast.expr | None, field: str) -> ast.expr | None:
        """Return the annotation of a field of the NamedTuple that ``annotation`` names."""
        node = self.resolve(annotation)
        for found in self.top:
            if isinstance(found, ast.ClassDef) and isinstance(node, ast.Name) and found.name == node.id:
                for part in found.body:
                    if isinstance(part, ast.AnnAssign) and ast.unparse(part.target) == field:
                        return part.annotation
        return None

    def _collect(self, wanted: set[str], needs: Needs) -> None:
        seen: set[str] = set()
        while wanted:
            name = wanted.pop()
            if name in seen:
                continue
            seen.add(name)
            needs.imports.update(self.imports.get(name, ()))
            if name in self.imported:
                needs.imports.add(Import(-1, self.name, name, None))
            elif self._ships(name):
                needs.helpers.add(name)
            elif name in self.bound:
                for index in self.bound[name] - needs.statements:
                    node = self.top[index]
                    needs.statements.add(index)
                    self._check(node)
                    wanted |= self._mentioned(node)
        needs.imports = {found for found in needs.imports if found.bound not in needs.local}

    def _ships(self, name: str) -> bool:
        """Whether KFP can ship a function as it is: its decorators and computed defaults would be lost."""
        node = self.functions.get(name)
        if node is None or name in self.stages or node.decorator_list or len(self.bound[name]) > 1:
            return False
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        return all(isinstance(default, ast.Constant) for default in defaults)

    def _known(self, node: ast.AST, name: str) -> bool:
        """Whether a global name needs nothing. Raises PipelineError for one that nobody defines."""
        if name in self.imports or name in self.bound:
            return False
        if name in self.types_only or hasattr(builtins, name) or name in {"__name__", "__doc__"}:
            return True
        raise self.refuse(first_mention(node, {name}), f"'{name}' is not defined in {self.name}.py")

    def _mentioned(self, node: ast.AST) -> set[str]:
        names = {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
        return {name for name in names if name in self.imports or name in self.bound}

    def _bind(self, index: int, node: ast.stmt) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._bind_imports(index, node)
            return
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            return
        bound = bound_by(node)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            self.types_only |= bound
            return
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            # Such as LIMITS["a"] = 1 or NAMES.sort(), in a loop too.
            changed = {changed_name(found) for found in ast.walk(node)}
            bound |= {name for name in changed if name is not None and name in self.bound}
        if not bound and not _is_text(node):
            # A call belongs to the values that it mentions.
            bound = {name for name in self._mentioned(node) if name in self.bound}
            if not bound:
                self.effects.append(index)
        for name in bound:
            self.bound.setdefault(name, set()).add(index)

    def _bind_imports(self, index: int, node: ast.Import | ast.ImportFrom) -> None:
        module = None
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
        if module == "__future__":
            return
        for alias in node.names:
            if alias.name == "*":
                raise self.refuse(node, f"'{ast.unparse(node)}': name what is imported")
            if module is None:
                found = Import(index, alias.name, None, alias.asname)
            else:
                found = Import(index, module, alias.name, alias.asname)
            # "import a.b" adds to "import a"; any other takes the place of the one before.
            others = self.imports.get(found.bound, []) if found.name is None and not found.alias else []
            self.imports[found.bound] = [*others, found]

    def _check(self, node: ast.AST) -> None:
        """Refuse what would mean something else in a body that KFP runs alone."""
        for found in ast.walk(node):
            if isinstance(found, ast.Global):
                raise self.refuse(
                    found,
                    f"'global {', '.join(found.names)}': every KFP task is a process of its own; "
                    "return the value and pass it on",
                )
            if isinstance(found, ast.Name) and found.id in SEES_EVERYTHING:
                raise self.refuse(
                    found, f"'{found.id}' sees another module when KFP runs the function; do without it"
                )
            changed = changed_name(found)
            if (
                changed in self.bound
                and isinstance(node, ast.FunctionDef)
                and changed in self._globals(node)
            ):
                raise self.refuse(
                    found,
                    f"changes '{changed}' of the module: every KFP task is a process of its own; "
                    "return the value and pass it on",
                )

    def _globals(self, node: ast.FunctionDef) -> set[str]:
        """Return the global names that a top-level function uses."""
        return global_names(self._table(node.name))

    def _table(self, name: str) -> symtable.SymbolTable:
        return self._tables[name]


def _top_level(module: cst.Module) -> Iterator[cst.BaseStatement]:
    """Yield one node for each top-level statement, those that share a line one by one."""
    for node in module.body:
        if isinstance(node, cst.SimpleStatementLine) and len(node.body) > 1:
            for small in node.body:
                plain = small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
                yield cst.SimpleStatementLine(body=[plain])
        else:
            yield node


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )
