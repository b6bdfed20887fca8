"""Which outputs travel as artifacts, and which as parameters."""

import ast
from collections.abc import Mapping
from dataclasses import replace

from bench.pipeline import Output, Pipeline, Stage

from .kinds import ARTIFACTS, BUILT_IN
from .module import Module

__all__ = ["listed", "stored"]

LOOSE = BUILT_IN | {
    "Any",
    "Dict",
    "List",
    "Literal",
    "None",
    "Optional",
    "TypedDict",
    "Union",
    "object",
    "typing",
}
"""Names of annotations that do not say that a value is other than JSON's."""


def stored(pipeline: Pipeline, modules: Mapping[str, Module]) -> Pipeline:
    """Return the pipeline with the kinds that KFP has for its outputs.

    A parameter holds what JSON has, and not None: a value that may be None, or a dict or list of other things by its
    annotation, or with keys that are no texts, is an artifact. The output of a mapped stage has the kind of one of its
    results, where that is one.
    """
    made = Pipeline(pipeline.name)
    made.modules, made.parameters, made.choices = pipeline.modules, pipeline.parameters, pipeline.choices
    for name, stage in pipeline.stages.items():
        outputs = tuple(_kind(stage, output, modules[stage.module]) for output in stage.outputs)
        made.stages[name] = replace(stage, outputs=outputs)
    return made


def listed(pipeline: Pipeline) -> frozenset[str]:
    """Return the data that is a list of artifacts: what mapped stages return."""
    return frozenset(
        output.name
        for stage in pipeline.stages.values()
        for output in stage.outputs
        if stage.over is not None and output.kind in ARTIFACTS
    )


def _kind(stage: Stage, output: Output, module: Module) -> Output:
    if output.optional:
        return replace(output, kind="model")
    kind = output.item or output.kind
    if kind in ARTIFACTS:
        return replace(output, kind=kind)
    if kind != "json" or output.plain:
        return output
    annotation = module.functions[stage.function].returns
    if stage.several:
        annotation = module.field_annotation(annotation, output.field or output.name)
    node = module.resolve(annotation)
    names = {found.id for found in ast.walk(node) if isinstance(found, ast.Name)} if node else set()
    attributes = (
        {found.attr for found in ast.walk(node) if isinstance(found, ast.Attribute)} if node else set()
    )
    as_json = names | attributes <= LOOSE and not (node and _has_other_keys(node))
    return output if as_json else replace(output, kind="model")


def _has_other_keys(node: ast.expr) -> bool:
    """Whether a dict in an annotation has keys that are no texts: a parameter would turn them into texts."""
    for found in ast.walk(node):
        if isinstance(found, ast.Subscript) and isinstance(found.slice, ast.Tuple):
            name = getattr(found.value, "id", getattr(found.value, "attr", ""))
            key = found.slice.elts[0]
            if name in ("dict", "Dict", "Mapping") and getattr(key, "id", "") not in ("str", "Any"):
                return True
    return False
