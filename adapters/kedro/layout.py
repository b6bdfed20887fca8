"""Where things stand in the project: modules, and the files of the catalog."""

import ast
from dataclasses import dataclass

from bench.contract.codegen.names import Names
from bench.contract.codegen.source import parse
from bench.pipeline import Kind, Output, Pipeline, Stage

from .values import yaml_key

__all__ = ["Dataset", "Layout"]

TYPES: dict[Kind, tuple[str, str]] = {
    "table": ("pandas.ParquetDataset", "parquet"),
    "model": ("pickle.PickleDataset", "pkl"),
    "page": ("text.TextDataset", "html"),
}
"""Class and file suffix of a kind's dataset; all others are JSON, if that keeps every value as it is."""

LAYERS: dict[Kind, str] = {"model": "06_models", "page": "08_reporting"}
"""The data layer where a stage states none; of all other kinds it is ``02_intermediate``."""


@dataclass(frozen=True)
class Dataset:
    """One entry of the catalog. ``versioned``: whether each run keeps its own, as reports do."""

    name: str
    type: str
    path: str
    versioned: bool = False


class Layout:
    """The layout of ``kedro new`` and ``kedro pipeline create``, for one pipeline.

    The module with the stages is the pipeline's ``nodes.py``; several keep their names beside it. A
    module that others import by its bare name stands in ``src``, which Kedro puts on the path.
    """

    def __init__(self, pipeline: Pipeline, package: str | None = None) -> None:
        self._pipeline = pipeline
        # With a suffix, because src comes first on the path: no pipeline's name may hide a module.
        self.package = package or f"{pipeline.name}_project"
        self.source = f"src/{self.package}"
        self.pipeline_folder = f"{self.source}/pipelines/{pipeline.name}"
        imported = {name for module, text in pipeline.modules.items() for name in _imports(module, text)}
        own = [
            module
            for module in pipeline.modules
            if module not in imported and module != "pipeline" and self.has_stages(module)
        ]
        self.shared = [module for module in pipeline.modules if module not in own]
        self._own = {module: "nodes" if len(own) == 1 else module for module in own}

    @property
    def siblings(self) -> list[str]:
        """Return the names of the modules beside ``pipeline.py``."""
        return list(self._own.values())

    def has_stages(self, module: str) -> bool:
        """Whether a stage's function stands in this module."""
        return any(stage.module == module for stage in self._pipeline.stages.values())

    def import_name(self, module: str) -> str:
        """Return the name by which ``pipeline.py`` knows one of the user's modules."""
        return self._own.get(module, module)

    def import_line(self, module: str) -> str:
        """Return the line by which a file outside the package imports one of the user's modules."""
        if module not in self._own:
            return f"import {module}"
        return f"from {self.package}.pipelines.{self._pipeline.name} import {self._own[module]}"

    def file(self, module: str) -> str:
        """Return the path of one of the user's modules."""
        if module in self._own:
            return f"{self.pipeline_folder}/{self._own[module]}.py"
        return f"src/{module}.py"

    def datasets(self, names: Names) -> list[Dataset]:
        """Return the entries of the catalog, in the order of the stages."""
        return [
            _dataset(stage, names.of("data", output.name), output)
            for stage in self._pipeline.stages.values()
            for output in stage.outputs
        ]


def _dataset(stage: Stage, name: str, output: Output) -> Dataset:
    """Return the entry of an output.

    Of a dict or list whose annotation does not promise texts as keys and plain values, such as ``dict`` alone or
    ``list[DataFrame]``, JSON may keep nothing or something else: who knows the value takes pickle.
    """
    kind = output.kind
    layer = stage.layer or LAYERS.get(kind, "02_intermediate")
    type_, suffix = TYPES.get(kind, ("json.JSONDataset", "json"))
    if kind == "json" and not output.plain:
        type_, suffix = TYPES["model"]
    return Dataset(yaml_key(name), type_, f"data/{layer}/{name}.{suffix}", versioned=stage.report)


def _imports(module: str, text: str) -> set[str]:
    names = set()
    for found in ast.walk(parse(text, module)):
        if isinstance(found, ast.Import):
            names |= {alias.name for alias in found.names}
        elif isinstance(found, ast.ImportFrom) and found.level == 0 and found.module:
            names.add(found.module)
    return names
