"""Rebuilds a stage's function as a KFP component: the user's statements stay, reads and writes go around.

A component's body has four parts: imports and module-level values that the stage needs, reads of input
artifacts into the stage's arguments, the user's statements as they are written, and writes of outputs.
"""

import ast
import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import libcst as cst

from bench.contract.codegen.format import bracketed
from bench.contract.codegen.names import free
from bench.pipeline import Kind, Output, Stage

from .body import block, comments, count, nested, parse, repeated, split, with_result
from .kinds import ARTIFACTS, artifact, parameter_type
from .module import Import, Module, Needs
from .names import own_returns, own_scope

__all__ = ["Component", "build"]

LIBRARIES = {"table": ("pandas", "pd"), "model": ("joblib", "joblib")}
FLAT_NUMBERS = frozenset(
    {"dict[str, float]", "dict[str, int]", "dict[str, float | int]", "dict[str, int | float]"}
)
SCALARS = (str, int, float, bool)
RESULT = "<result>"
"""Stands in generated lines for the local that holds what the stage returns."""


@dataclass(frozen=True)
class Component:
    """A stage as a component.

    text: without the decorator. inner: the function in its body that is the user's as a whole; None where the user's
    statements are the body's. first, last: indexes of the user's statements in the body, a docstring not
    counted. result: the local that holds what the stage returns; None where the user's statements return
    it. inputs: argument of the stage to input of the component. outputs: name of the output in the
    pipeline to that of the component, and types to what KFP calls it. helpers: functions to be shipped
    with it. modules: the user's other modules that it imports.
    """

    name: str
    text: str
    above: str
    inner: str | None
    first: int
    last: int
    result: str | None
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    types: Mapping[str, str]
    only_output: bool
    artifacts: frozenset[str]
    helpers: tuple[str, ...]
    modules: frozenset[str]


def build(
    name: str,
    module: Module,
    stage: Stage,
    kinds: Mapping[str, Kind],
    known: Mapping[str, str],
    listed: frozenset[str] = frozenset(),
) -> Component:
    """Return the component of a stage. Raises UnsupportedError naming the line that KFP cannot take.

    name: of its function. kinds: of all data of the pipeline. known: what KFP calls the types of the data made so far.
    listed: data that is a list of artifacts of its kind.
    """
    return _Builder(name, module, stage, kinds, known, listed).build()


class _Builder:
    """The parts of one component."""

    def __init__(
        self,
        name: str,
        module: Module,
        stage: Stage,
        kinds: Mapping[str, Kind],
        known: Mapping[str, str],
        listed: frozenset[str],
    ) -> None:
        self.name = name
        self.listed = listed
        self.module = module
        self.stage = stage
        self.kinds = kinds
        self.known = known
        self.function = module.function(stage.function)
        self.node = cast("cst.FunctionDef", module.node(min(module.bound[stage.function])))
        self.needs = module.needs_of(stage.function, effects=True)
        walked = list(ast.walk(self.function))
        self.taken = {found.id for found in walked if isinstance(found, ast.Name)}
        self.taken |= {found.arg for found in walked if isinstance(found, ast.arg)}
        self.taken |= {*self.needs.local, *self.needs.helpers, "dsl", "pandas", "pd", "joblib"}
        self.taken |= {found.bound for found in self.needs.imports}
        self.reads: list[str] = []
        self.writes: list[str] = []
        self.libraries: dict[str, Import] = {}
        self.artifacts: set[str] = set()
        self.inputs: dict[str, str] = {}
        self.outputs: dict[str, str] = {}
        self.types: dict[str, str] = {}
        self.inner = False
        """Whether the user's function stands as a whole in the component's body, because it returns early."""

    def build(self) -> Component:
        """Put the parts together."""
        plain, defaulted = self._arguments()
        docstring, statements = split(self.node)
        written, returned, result = self._outputs()
        if self.inner:
            docstring, statements = [], self._called(result)
        elif self.writes:
            result, statements = with_result(statements, result, self.needs.local)
        if self.writes:
            names = {f"<{name}>": free(name, {result}) for name in ("name", "value")}
            for place, name in {RESULT: result, **names}.items():
                self.writes = [line.replace(place, name) for line in self.writes]
        head = repeated(self.module, self.needs, self.libraries.values())
        if self.reads:
            head.append(parse(self.module, self.reads))
        first = sum(count(group) for group in head)
        text = bracketed(
            f"def {self.name}(", [*plain, *written, *defaulted], f") -> {returned}:", indent=""
        )
        shell = cast("cst.FunctionDef", parse(self.module, [text + "\n    pass"])[0])
        tail = parse(self.module, self.writes)
        body = block(self.node, docstring, head, statements, tail)
        helpers, modules = self._closure()
        return Component(
            name=self.name,
            text=self.module.code.code_for_node(shell.with_changes(body=body)).strip("\n"),
            above="".join(f"{line.comment.value}\n" for line in comments(self.node) if line.comment),
            inner=self.stage.function if self.inner else None,
            first=0 if self.inner else first,
            last=-1 if self.inner else first + count(statements) - 1,
            result=result if self.writes and not self.inner else None,
            inputs=self.inputs,
            outputs=self.outputs,
            types=self.types,
            only_output=len(self.outputs) == 1 and "Metrics" not in self.artifacts,
            artifacts=frozenset(self.artifacts),
            helpers=helpers,
            modules=modules,
        )

    def _called(self, result: str) -> list[cst.BaseStatement]:
        """Return the user's function, and its call."""
        arguments = [f"{argument.arg}={argument.arg}" for argument in self.function.args.args]
        call = parse(
            self.module, [bracketed(f"{result} = {self.stage.function}(", arguments, ")", indent="")]
        )
        return [nested(self.node), *call]

    def _arguments(self) -> tuple[list[str], list[str]]:
        """Fill in the inputs; returns the arguments without and with a default."""
        plain: list[str] = []
        defaulted: list[str] = []
        arguments = self.function.args.args
        defaults: list[ast.expr | None] = [None] * (len(arguments) - len(self.function.args.defaults))
        defaults += self.function.args.defaults
        for argument, default in zip(arguments, defaults, strict=True):
            name, data = argument.arg, self.stage.inputs.get(argument.arg)
            literal = isinstance(default, ast.Constant) and type(default.value) in SCALARS
            if name in self.stage.constants:
                self._constant(name, plain)
                continue
            if data is None:
                if default is None:
                    raise self.module.refuse(argument, f"nothing is given for the argument '{name}'")
                if literal:
                    kind = type(cast("ast.Constant", default).value).__name__
                    defaulted.append(f"{name}: {kind} = {ast.unparse(default)}")
                else:
                    self.module.needs_of_expression(default, self.needs)
                    self.reads.append(f"{name} = {ast.unparse(default)}")
                continue
            kind_of = self.kinds[data]
            if kind_of in ARTIFACTS:
                if name == self.stage.over:
                    raise self.module.refuse(
                        argument,
                        f"'{name}' is mapped over artifacts that a task returned; ParallelFor takes parameters",
                    )
                given = self._artifact(name, kind_of, "Input", listed=data in self.listed)
                self.inputs[name] = given.partition(":")[0]
                plain.append(given)
                self.reads.append(self._read(name, kind_of, listed=data in self.listed))
                continue
            self.inputs[name] = name
            type_ = self._parameter(argument, data)
            if type_.endswith(" | None"):
                self.artifacts.add("Optional")
                defaulted.append(f"{name}: Optional[{type_.removesuffix(' | None')}] = None")
            elif literal and default is not None:
                defaulted.append(f"{name}: {type_} = {ast.unparse(default)}")
            else:
                plain.append(f"{name}: {type_}")
        return plain, defaulted

    def _constant(self, name: str, plain: list[str]) -> None:
        """Let the pipeline give an argument its value; None, which a parameter cannot be, is set in the body."""
        value = self.stage.constants[name]
        if value is None:
            self.reads.append(f"{name} = None")
        else:
            self.inputs[name] = name
            plain.append(f"{name}: {type(value).__name__}")

    def _parameter(self, argument: ast.arg, data: str) -> str:
        own = parameter_type(self.module, argument.annotation)
        if argument.arg == self.stage.over:
            if own is None:
                raise self.module.refuse(
                    argument, f"annotate '{argument.arg}' as a scalar, dict or list: KFP needs its type"
                )
            return own
        made = self.known.get(data)
        if made is None:
            scalar = self.kinds[data]
            return "str" if scalar == "file" else scalar
        if made.endswith(" | None"):
            return made
        if own is not None and own.partition("[")[0] == made.partition("[")[0]:
            return own
        return made

    def _artifact(self, name: str, kind: Kind, marker: str, *, listed: bool = False) -> str:
        type_, suffix = artifact(kind)
        self.artifacts |= {type_, marker}
        if listed:
            self.artifacts.add("List")
            type_, suffix = f"List[{type_}]", f"{suffix}s"
        return f"{self._free(f'{name}_{suffix}', f'{name}_{suffix}_{marker.lower()}')}: {marker}[{type_}]"

    def _read(self, argument: str, kind: Kind, *, listed: bool = False) -> str:
        path = f"{self.inputs[argument]}.path"
        if listed:
            one = self._free("one", "artifact")
            function = f"{self._library(kind)}.{'read_parquet' if kind == 'table' else 'load'}"
            return f"{argument} = [{function}({one}.path) for {one} in {self.inputs[argument]}]"
        if kind == "page":
            file = self._free("file", "html_file")
            return f"with open({path}) as {file}:\n    {argument} = {file}.read()"
        library = self._library(kind)
        return f"{argument} = {library}.{'read_parquet' if kind == 'table' else 'load'}({path})"

    def _library(self, kind: Kind) -> str:
        """Return the name under which a library is there, importing it where the user does not."""
        name, usual = LIBRARIES[kind]
        if name in self.libraries:
            return self.libraries[name].bound
        for found in self.module.imports.get(usual, []) + self.module.imports.get(name, []):
            if found.module == name and found.name is None and found.bound not in self.needs.local:
                self.needs.imports.add(found)
                return found.bound
        local = self.needs.local | {found.bound for found in self.needs.imports}
        for bound in (usual, name, f"{name}_io"):
            if bound not in local:
                self.libraries[name] = Import(0, name, None, None if bound == name else bound)
                return bound
        raise self.module.refuse(self.function, f"the names {usual} and {name} are taken; rename one")

    def _free(self, *wanted: str) -> str:
        for name in wanted:
            if name not in self.taken:
                self.taken.add(name)
                return name
        return self._free(f"{wanted[-1]}_")

    def _outputs(self) -> tuple[list[str], str, str]:
        """Fill in the outputs; returns output arguments, the return annotation, the result's name."""
        stage = self.stage
        kinds = {output.name: output.kind for output in stage.outputs}
        self._refuse_generator()
        returns = own_returns(self.function)
        written = [output for output in stage.outputs if output.kind in ARTIFACTS]
        passed = [output for output in stage.outputs if output.kind not in ARTIFACTS]
        types = {output.name: self._returned_type(output) for output in passed}
        last = self.function.body[-1]
        simple = len(returns) == 1 and returns[0] is last and returns[0].value is not None
        metrics = not stage.several and bool(passed) and types[passed[0].name] in FLAT_NUMBERS and simple
        arguments = []
        result = ""
        if written or metrics:
            self.inner = self._returns_early(returns, last)
            result = self._free(
                _class_name(self.function) if stage.several else stage.outputs[0].name, "result"
            )
        for output in written:
            arguments.append(self._artifact(output.name, kinds[output.name], "Output"))
            self.outputs[output.name] = arguments[-1].partition(":")[0]
            value = f"{RESULT}.{output.field or output.name}" if stage.several else RESULT
            path = f"{self.outputs[output.name]}.path"
            if output.kind == "table":
                self.writes.append(f"{value}.to_parquet({path})")
            elif output.kind == "page":
                file = self._free("file", "html_file")
                self.writes.append(f'with open({path}, "w") as {file}:\n    {file}.write({value})')
            else:
                self.writes.append(f"{self._library('model')}.dump({value}, {path})")
        if metrics:
            name = self._free("metrics", "logged_metrics")
            self.artifacts |= {"Output", "Metrics"}
            arguments.append(f"{name}: Output[Metrics]")
            self.writes += [
                f"for <name>, <value> in {RESULT}.items():\n    {name}.log_metric(<name>, <value>)"
            ]
        for output in passed:
            self.outputs[output.name] = output.name if stage.several else "Output"
            self.types[output.name] = "list" if stage.over is not None else types[output.name]
        if passed and self.writes:
            values = [f"{RESULT}.{output.field or output.name}" for output in passed]
            several = f"({', '.join(values)}{',' if len(values) == 1 else ''})"
            self.writes.append(f"return {several if stage.several else RESULT}")
        if not passed:
            return arguments, "None", result
        if not stage.several:
            return arguments, types[passed[0].name], result
        self.artifacts.add("NamedTuple")
        fields = ", ".join(f'("{output.name}", {types[output.name]})' for output in passed)
        return arguments, f'NamedTuple("Outputs", [{fields}])', result

    def _returned_type(self, output: Output) -> str:
        if output.kind != "json":
            return "str" if output.kind == "file" else output.kind
        annotation = self.function.returns
        if self.stage.several:
            annotation = self.module.field_annotation(annotation, output.field or output.name)
        found = parameter_type(self.module, annotation)
        if found is None:
            raise self.module.refuse(
                self.function, f"write out what '{self.stage.function}' returns, as dict[...] or list[...]"
            )
        return found

    def _refuse_generator(self) -> None:
        for node in own_scope(self.function):
            if isinstance(node, ast.Yield | ast.YieldFrom | ast.Await):
                raise self.module.refuse(
                    node, f"'{self.stage.function}' must return its value, not yield it"
                )

    def _returns_early(self, returns: list[ast.Return], last: ast.stmt) -> bool:
        """Whether the function returns before its last line, and outputs are written after it."""
        if not returns:
            raise self.module.refuse(last, f"'{self.stage.function}' must end with 'return' and the value")
        return len(returns) > 1 or returns[0] is not last or returns[0].value is None

    def _closure(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return all helpers, and the user's modules that they or the stage import."""
        helpers: dict[str, Needs] = {}
        waiting = set(self.needs.helpers)
        while waiting:
            name = waiting.pop()
            helpers[name] = self.module.needs_of(name)
            waiting |= helpers[name].helpers - set(helpers)
        everything = [self.needs, *helpers.values()]
        imported = {found.module for needs in everything for found in needs.imports}
        nodes: list[ast.AST] = [self.function, *(self.module.functions[name] for name in helpers)]
        nodes += [self.module.top[index] for needs in everything for index in needs.statements]
        for node in nodes:
            for found in ast.walk(node):
                if isinstance(found, ast.Import):
                    imported |= {alias.name for alias in found.names}
                elif isinstance(found, ast.ImportFrom):
                    imported.add(found.module or "")
        order = [name for name in self.module.functions if name in helpers]
        given = {self.kinds[data] for data in self.stage.inputs.values()}
        # Whoever reads a model has to have the module of its class, and only its writer's text names it.
        beside = self.module.beside | ({self.module.name} if self.module.imported else set())
        modules = beside if "model" in given else imported & beside
        return tuple(order), frozenset(modules)


def _class_name(function: ast.FunctionDef) -> str:
    """Return the name of what is returned as that of a variable: ``splits`` for ``Splits``."""
    name = function.returns.id.lower() if isinstance(function.returns, ast.Name) else "result"
    return "result" if keyword.iskeyword(name) else name
