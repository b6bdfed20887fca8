"""The workflows of a launchpad as neutral pipelines: the whole pipeline, and each stage by itself.

A single stage loads the outputs of earlier stages from the layers of ``data/``, and saves its own.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.contract.codegen.names import free
from bench.contract.codegen.source import function_node, parse
from bench.contract.pipeline import Kind, Output, Parameter, Pipeline, Stage
from bench.errors import PipelineError

__all__ = [
    "FULL",
    "LAYERS",
    "RAW",
    "RESULTS",
    "Workflows",
    "annotated",
    "file_of",
    "workflows",
]

FULL = "full"
"""Name of the workflow that is the whole pipeline."""
LAYERS = (
    "01_raw",
    "02_intermediate",
    "03_primary",
    "04_feature",
    "05_model_input",
    "06_models",
    "07_model_output",
    "08_reporting",
)
"""Folders of ``data/``, after Kedro's convention: https://docs.kedro.org/en/stable/getting-started/faq/."""
RAW, RESULTS = "data/01_raw", "data/08_reporting/results"
SUFFIXES: dict[Kind, str] = {"table": "parquet", "model": "pkl", "page": "html"}
"""File suffix of a kind; all others are JSON."""
KIND_LAYERS: dict[Kind, str] = {"model": "06_models", "page": "08_reporting"}
"""The layer of a kind if a stage states none; for other kinds it is ``02_intermediate``."""


@dataclass(frozen=True)
class Workflows:
    """The pipelines of a launchpad.

    project: name of the project. full: the whole pipeline. singles: one for each stage, with loading and saving.
    store: name of the module with the functions that load and save. loads, saves: these functions by data.
    """

    project: str
    full: Pipeline
    singles: tuple[Pipeline, ...]
    store: str

    @property
    def all(self) -> tuple[Pipeline, ...]:
        """Return the single workflows in the order of the stages, then the whole pipeline."""
        return (*self.singles, self.full)

    @property
    def example(self) -> str:
        """Return the workflow for examples in texts: the first, because it needs no earlier one."""
        return self.singles[0].name

    @property
    def given(self) -> Parameter | None:
        """Return the parameter for examples in texts; None if no parameter is suitable.

        Only numbers and strings are suitable. Numbers come first, and names of one word before others, because
        all tools write these alike. Its default is the value that is shown: 7 for a whole number.
        """
        wanted = ("int", "float", "str", "file")
        found = [
            replace(one, default=7 if one.kind == "int" else one.default)
            for one in self.full.parameters.values()
            if one.kind in wanted and one.default is not None
        ]
        return min(found, key=lambda one: ("_" in one.name, wanted.index(one.kind)), default=None)

    def called(self, form: str = "--{name} {value}", *, remote: bool = False) -> str:
        """Return the words that run ``full`` with the example parameter, written as ``form``."""
        words = ["./run", *(["--remote"] if remote else []), "src/workflows.py", FULL]
        if self.given is not None:
            words.append(form.format(name=self.given.name, value=self.given.default))
        return " ".join(words)

    @property
    def modules(self) -> list[str]:
        """Return the names of the user's modules that contain stages."""
        return sorted({stage.module for stage in self.full.stages.values()})

    @property
    def union(self) -> Pipeline:
        """Return one pipeline with the stages and parameters of all workflows. Its order has no meaning."""
        flow = Pipeline(FULL)
        flow.modules = {**self.full.modules}
        for one in (self.full, *self.singles):
            flow.modules |= one.modules
            flow.stages |= {name: stage for name, stage in one.stages.items() if name not in flow.stages}
            flow.parameters |= one.parameters
        return flow


@dataclass(frozen=True)
class Store:
    """How single workflows load and save their data: the text of a module, and whether it also saves."""

    module: str
    text: str
    saves: bool = True
    where: bool = True
    """Whether the functions take the folder of the layers as the parameter ``data``."""


def file_of(stage: Stage, output: Output) -> str:
    """Return the path of an output below ``data/``."""
    layer = stage.layer or KIND_LAYERS.get(output.kind, "02_intermediate")
    return f"{layer}/{output.name}.{SUFFIXES.get(output.kind, 'json')}"


def workflows(pipeline: Pipeline, text: str | None = None, module: str = "datasets") -> Workflows:
    """Return the workflows of a launchpad.

    text: of a module with which single workflows load, instead of the functions that read and write the
    layers of ``data/``. Then they save nothing, because the tool keeps their outputs. Raises PipelineError
    if the pipeline uses a name that a launchpad needs.
    """
    for choice in pipeline.choices:
        raise PipelineError(f"pipeline '{pipeline.name}': a launchpad has no choices yet, as '{choice}'")
    whole = _whole(pipeline)
    name = free(module, {*whole.modules, *whole.stages})
    for stage in whole.stages.values():
        for taken in (FULL, *(f"{verb}_{one.name}" for one in stage.outputs for verb in ("load", "save"))):
            if taken in whole.stages:
                raise PipelineError(
                    f"pipeline '{pipeline.name}': a launchpad needs the name '{taken}'; rename that stage"
                )
    saves = text is None
    store = Store(name, _module(whole) if text is None else text, saves=saves, where=saves)
    singles = tuple(_single(whole, stage, store) for stage in whole.stages.values())
    return Workflows(pipeline.name, whole, singles, name)


def _whole(pipeline: Pipeline) -> Pipeline:
    """Return the pipeline under the name ``full``, with its files in the layers of ``data/``."""
    whole = Pipeline.from_json({**pipeline.as_json(), "name": FULL})
    for name, parameter in whole.parameters.items():
        if name == "results":
            whole.parameters[name] = replace(parameter, default=RESULTS, required=False)
        elif parameter.kind == "file" and parameter.default is not None:
            whole.parameters[name] = replace(parameter, default=f"{RAW}/{parameter.default}")
    return whole


def _single(whole: Pipeline, stage: Stage, store: Store) -> Pipeline:
    flow = Pipeline(stage.name)
    loaded = [name for name in dict.fromkeys(stage.inputs.values()) if name not in whole.parameters]
    flow.parameters = {
        name: whole.parameters[name] for name in stage.inputs.values() if name in whole.parameters
    }
    folder = {}
    if store.where and (loaded or stage.outputs):
        data = free("data", {*flow.parameters, *loaded, *(one.name for one in stage.outputs)})
        flow.parameters[data] = Parameter(data, "file", "data")
        folder = {"data": data}
    for name in loaded:
        output = Output(name, whole.kind(name))
        load = f"load_{name}"
        flow.stages[load] = Stage(load, load, store.module, folder, (output,))
    flow.stages[stage.name] = stage
    for output in stage.outputs if store.saves else ():
        save = f"save_{output.name}"
        flow.stages[save] = Stage(save, save, store.module, {"value": output.name, **folder}, ())
    flow.modules = dict(whole.modules)
    if folder or loaded:
        flow.modules[store.module] = store.text
    return flow


def _module(whole: Pipeline) -> str:
    """Return the module whose functions load and save each output of the stages."""
    functions, imports = [], {"import pandas as pd"}
    for stage, output, hint in annotated(whole):
        path = f'f"{{data}}/{file_of(stage, output)}"'
        imports |= hint.imports
        if output.kind not in ("table", "model"):
            imports |= {"import fsspec"} if output.kind == "page" else {"import json", "import fsspec"}
        functions.append(_load(stage, output, hint.text, path))
        functions.append(_save(output, hint.text, path))
    lines = sorted(imports)
    return "\n".join(
        ['"""What the stages leave for each other, in the layers of the data folder."""', "", *lines, ""]
        + [f"\n{function}" for function in functions]
    )


def _load(stage: Stage, output: Output, hint: str, path: str) -> str:
    head = f'def load_{output.name}(data: str) -> {hint}:\n    """Return what {stage.name} left."""\n'
    if output.kind == "table":
        return f"{head}    return pd.read_parquet({path})\n"
    if output.kind == "model":
        return f"{head}    return pd.read_pickle({path})\n"
    if output.kind == "page":
        how, read = ', "r"', "file.read()"
    else:
        how, read = "", "json.load(file)"
    return f"{head}    with fsspec.open({path}{how}) as file:\n        value = {read}\n    return value\n"


def _save(output: Output, hint: str, path: str) -> str:
    head = f'def save_{output.name}(value: {hint}, data: str) -> None:\n    """Keep it for the stages after."""\n'
    if output.kind == "table":
        return f"{head}    value.to_parquet({path})\n"
    if output.kind == "model":
        return f"{head}    pd.to_pickle(value, {path})\n"
    write = (
        "file.write(value)" if output.kind == "page" else "json.dump(value, file, indent=1, sort_keys=True)"
    )
    return f'{head}    with fsspec.open({path}, "w") as file:\n        {write}\n'


@dataclass(frozen=True)
class Hint:
    """A type annotation as source, and the import lines that it needs."""

    text: str
    imports: frozenset[str]


def annotated(pipeline: Pipeline) -> Iterator[tuple[Stage, Output, Hint]]:
    """Yield each output with the user's annotation.

    Raises PipelineError for a type that is defined beside the stages, because no other module can import it.
    """
    for stage in pipeline.stages.values():
        text = pipeline.modules[stage.module]
        tree = parse(text, stage.module)
        returned = function_node(text, stage.module, stage.function).returns
        fields = _fields(tree, returned) if stage.several else {}
        for number, output in enumerate(stage.outputs):
            node = list(fields.values())[number] if fields else returned
            if node is None:
                raise PipelineError(f"{stage.module}.py: {stage.function}() says not what it returns")
            written = ast.unparse(node)
            imports = frozenset(_imports(tree, node, stage))
            yield stage, output, Hint(f"list[{written}]" if stage.over else written, imports)


def _fields(tree: ast.Module, returned: ast.expr | None) -> dict[str, ast.expr]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and isinstance(returned, ast.Name) and node.name == returned.id:
            return {
                line.target.id: line.annotation
                for line in node.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            }
    return {}


def _imports(tree: ast.Module, node: ast.expr, stage: Stage) -> Iterator[str]:
    """Yield the user's import lines for the names of an annotation."""
    wanted = {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
    for line in tree.body:
        if isinstance(line, ast.ClassDef) and line.name in wanted:
            raise PipelineError(
                f"{stage.module}.py:{line.lineno}: '{line.name}' is what {stage.function}() returns, and stands "
                "beside the stages; move it to a module of its own, so that others can import it"
            )
        if not isinstance(line, ast.Import | ast.ImportFrom):
            continue
        for alias in line.names:
            bound = alias.asname or alias.name.partition(".")[0]
            if bound in wanted:
                renamed = f" as {alias.asname}" if alias.asname else ""
                origin = f"from {line.module} " if isinstance(line, ast.ImportFrom) else ""
                yield f"{origin}import {alias.name}{renamed}"
