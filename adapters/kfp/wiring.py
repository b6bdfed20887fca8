"""The function that connects the components: what of ``pipeline.py`` depends on the graph."""

from collections.abc import Iterable, Mapping

from bench.contract.codegen.format import bracketed
from bench.errors import PipelineError
from bench.pipeline import Pipeline, Stage

from .rebuild import Component

__all__ = ["literal", "signature", "tasks"]

TAKEN = ("components", "dsl")


def signature(pipeline: Pipeline) -> str:
    """Return the ``def`` line of the pipeline. Raises PipelineError for a name that it needs itself."""
    for name in TAKEN:
        if name in pipeline.parameters or name in pipeline.stages:
            raise PipelineError(
                f"pipeline '{pipeline.name}': KFP projects use the name '{name}'; choose another"
            )
    plain, defaulted = [], []
    for parameter in pipeline.parameters.values():
        kind = "str" if parameter.kind == "file" else parameter.kind
        if parameter.default is None:
            plain.append(f"{parameter.name}: {kind}")
        else:
            defaulted.append(f"{parameter.name}: {kind} = {literal(parameter.default)}")
    return bracketed(f"def {pipeline.name}(", [*plain, *defaulted], ") -> None:", indent="")


def tasks(pipeline: Pipeline, components: Mapping[str, Component]) -> list[str]:
    """Return the lines of the pipeline's body: one call of a component for each stage."""
    return [line for stage in pipeline.stages.values() for line in _task(pipeline, stage, components)]


def _task(pipeline: Pipeline, stage: Stage, components: Mapping[str, Component]) -> Iterable[str]:
    indent, lines = "    ", []
    item = None
    if stage.over is not None:
        source = pipeline.producer(stage.inputs[stage.over])
        if source is not None and source.over is not None:
            raise PipelineError(
                f"stage '{stage.name}' is mapped over what the mapped stage '{source.name}' returned; KFP cannot "
                "loop over collected outputs: put a stage between them that returns the list"
            )
        item = stage.over if stage.over not in pipeline.parameters else f"{stage.over}_item"
        items = _reference(pipeline, stage.inputs[stage.over], components)
        lines.append(f"{indent}with dsl.ParallelFor({items}) as {item}:")
        indent *= 2
    arguments = []
    for argument, data in stage.inputs.items():
        value = item if argument == stage.over else _reference(pipeline, data, components)
        arguments.append(f"{components[stage.name].inputs[argument]}={value}")
    outputs = {output.name for output in stage.outputs}
    used = any(outputs & set(other.inputs.values()) for other in pipeline.stages.values())
    call = f"components.{stage.name}("
    settings = _settings(pipeline, stage)
    if used or settings:
        call = f"{_variable(pipeline, stage)} = {call}"
    lines.append(bracketed(call, arguments, ")", indent))
    lines += [f"{indent}{_variable(pipeline, stage)}.{setting}" for setting in settings]
    return lines


def _settings(pipeline: Pipeline, stage: Stage) -> Iterable[str]:
    """Return the calls by which a task's settings are stated."""
    settings = []
    if not stage.cached and any(other.cached for other in pipeline.stages.values()):
        settings.append("set_caching_options(enable_caching=False)")
    if stage.retries:
        delay = f', backoff_duration="{stage.retry_delay}s", backoff_factor=1' if stage.retry_delay else ""
        settings.append(f"set_retry(num_retries={stage.retries}{delay})")
    return settings


def _reference(pipeline: Pipeline, data: str, components: Mapping[str, Component]) -> str:
    stage = pipeline.producer(data)
    if stage is None:
        return data
    component = components[stage.name]
    value = f"{_variable(pipeline, stage)}.output"
    if not component.only_output:
        value += f's["{component.outputs[data]}"]'
    return f"dsl.Collected({value})" if stage.over is not None else value


def _variable(pipeline: Pipeline, stage: Stage) -> str:
    name = f"{stage.name}_task"
    while name in pipeline.parameters:
        name += "_"
    return name


def literal(value: object) -> str:
    """Return a value as a formatter writes it."""
    text = repr(value)
    # Double quotes, unless the text has some.
    if isinstance(value, str) and text[0] == "'" and '"' not in text:
        return f'"{text[1:-1]}"'
    return text
