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
from .given import Given
from .kinds import ARTIFACTS, parameter_type
from .module import Module, Needs
from .names import own_returns, own_scope

__all__ = ["Component", "build"]

FLAT_NUMBERS = frozenset(
    {"dict[str, float]", "dict[str, int]", "dict[str, float | int]", "dict[str, int | float]"}
)
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


class _Builder(Given):
    """The parts of one component."""

    def build(self) -> Component:
        """Put the parts together."""
        plain, defaulted = self.arguments()
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
            result = self.free(
                _class_name(self.function) if stage.several else stage.outputs[0].name, "result"
            )
        for output in written:
            arguments.append(self.artifact(output.name, kinds[output.name], "Output"))
            self.outputs[output.name] = arguments[-1].partition(":")[0]
            value = f"{RESULT}.{output.field or output.name}" if stage.several else RESULT
            path = f"{self.outputs[output.name]}.path"
            if output.kind == "table":
                self.writes.append(f"{value}.to_parquet({path})")
            elif output.kind == "page":
                file = self.free("file", "html_file")
                self.writes.append(f'with open({path}, "w") as {file}:\n    {file}.write({value})')
            else:
                self.writes.append(f"{self.library('model')}.dump({value}, {path})")
        if metrics:
            name = self.free("metrics", "logged_metrics")
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
