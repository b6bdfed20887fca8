"""What a component is given: the arguments of its function, and the reads of artifacts into the stage's arguments."""

import ast
from collections.abc import Mapping
from typing import cast

import libcst as cst

from bench.contract.codegen.names import plain_ascii
from bench.pipeline import Kind, Stage

from .kinds import ARTIFACTS, parameter_type
from .module import Import, Module

__all__ = ["Given"]

LIBRARIES = {"table": ("pandas", "pd"), "model": ("joblib", "joblib")}
SCALARS = (str, int, float, bool)


class Given:
    """A component that is being made, and its inputs.

    reads: the lines before the user's statements. libraries: that its reads and writes need. artifacts: names of
    ``kfp.dsl`` and ``typing`` that its signature needs. inputs: argument of the stage to input of the component.
    """

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

    def arguments(self) -> tuple[list[str], list[str]]:
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
                given = self.artifact(name, kind_of, "Input", listed=data in self.listed)
                self.inputs[name] = given.partition(":")[0]
                plain.append(given)
                self.reads.append(self._read(name, kind_of, listed=data in self.listed))
                continue
            given = self._named(name)
            type_ = self._parameter(argument, data)
            if type_.endswith(" | None"):
                self.artifacts.add("Optional")
                defaulted.append(f"{given}: Optional[{type_.removesuffix(' | None')}] = None")
            elif literal and default is not None:
                defaulted.append(f"{given}: {type_} = {ast.unparse(default)}")
            else:
                plain.append(f"{given}: {type_}")
        return plain, defaulted

    def _constant(self, name: str, plain: list[str]) -> None:
        """Let the pipeline give an argument its value; None, which a parameter cannot be, is set in the body."""
        value = self.stage.constants[name]
        if value is None:
            self.reads.append(f"{name} = None")
        else:
            plain.append(f"{self._named(name)}: {type(value).__name__}")

    def _named(self, argument: str) -> str:
        """Return the input of the component for an argument; KFP takes ASCII names that begin with a letter."""
        given = plain_ascii(argument)
        if given != argument:
            given = self.free(given)
            self.reads.append(f"{argument} = {given}")
        self.inputs[argument] = given
        return given

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

    def artifact(self, name: str, kind: Kind, marker: str, *, listed: bool = False) -> str:
        """Return an argument that is an artifact; listed: a list of them."""
        type_, suffix = ARTIFACTS[kind]
        name = plain_ascii(name)
        self.artifacts |= {type_, marker}
        if listed:
            self.artifacts.add("List")
            type_, suffix = f"List[{type_}]", f"{suffix}s"
        return f"{self.free(f'{name}_{suffix}', f'{name}_{suffix}_{marker.lower()}')}: {marker}[{type_}]"

    def _read(self, argument: str, kind: Kind, *, listed: bool = False) -> str:
        path = f"{self.inputs[argument]}.path"
        if listed:
            one = self.free("one", "artifact")
            function = f"{self.library(kind)}.{'read_parquet' if kind == 'table' else 'load'}"
            return f"{argument} = [{function}({one}.path) for {one} in {self.inputs[argument]}]"
        if kind == "page":
            file = self.free("file", "html_file")
            return f"with open({path}) as {file}:\n    {argument} = {file}.read()"
        library = self.library(kind)
        return f"{argument} = {library}.{'read_parquet' if kind == 'table' else 'load'}({path})"

    def library(self, kind: Kind) -> str:
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

    def free(self, *wanted: str) -> str:
        """Return the first of some names that is free, or the last with underscores, and take it."""
        for name in wanted:
            if name not in self.taken:
                self.taken.add(name)
                return name
        return self.free(f"{wanted[-1]}_")
