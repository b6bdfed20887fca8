"""The function that connects the components: what of ``pipeline.py`` depends on the graph."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from bench.contract.codegen.format import bracketed, used
from bench.contract.codegen.literals import literal
from bench.contract.codegen.names import Names, plain_ascii
from bench.contract.codegen.workflows import names_of
from bench.contract.codegen.workflows import signature as signature_of
from bench.errors import UnsupportedError
from bench.pipeline import Choice, Parameter, Pipeline, Stage

from .rebuild import Component

__all__ = ["flow_names", "parameter_type", "signature", "tasks"]

OWN = ("components", "dsl", "kfp", "pipeline", "tasks")


def flow_names(tasks: Pipeline, flows: Sequence[Pipeline]) -> Names:
    """Return the names of the module of pipelines; the task of a stage is in the group ``task``."""
    names = names_of(tasks, flows, OWN, plain_ascii)
    for stage in tasks.stages.values():
        names.of("task", stage.name, f"{stage.name}_task")
    return names


def parameter_type(parameter: Parameter) -> str:
    """Return the type of an input; a value that may be None is declared by its default."""
    if isinstance(parameter.default, float) and not math.isfinite(parameter.default):
        raise UnsupportedError(
            f"parameter '{parameter.name}' is {parameter.default}; KFP passes numbers in a form without it",
            "kfp 2.17.0: SerializeToJsonError of google.protobuf.json_format, 'Fail to serialize Infinity for "
            "Value.number_value'",
        )
    if parameter.default is None and not parameter.required:
        raise UnsupportedError(
            f"parameter '{parameter.name}' is None by default; KFP takes no None, and a local run ends with 'Unknown "
            "value type' where an input of the pipeline is left out",
            "kfp 2.17.0: pb2_value_to_python in kfp/local/executor_output_utils.py",
        )
    return parameter.annotation.removesuffix(" | None").partition("[")[0]


def signature(pipeline: Pipeline, names: Names) -> str:
    """Return the ``def`` line of the pipeline."""
    return signature_of(pipeline, names, parameter_type)


def tasks(pipeline: Pipeline, components: Mapping[str, Component], names: Names) -> list[str]:
    """Return the lines of the pipeline's body: one call of a component for each stage."""
    wiring = _Wiring(pipeline, components, names)
    return [
        line
        for part in pipeline.in_order()
        for line in (wiring.task(part) if isinstance(part, Stage) else wiring.choice(part))
    ]


class _Wiring:
    """The calls of one pipeline's components."""

    def __init__(self, pipeline: Pipeline, components: Mapping[str, Component], names: Names) -> None:
        self.pipeline = pipeline
        self.components = components
        self.names = names
        self.used: Collection[str] = used(pipeline) | {
            pipeline.stages[name].outputs[0].name
            for choice in pipeline.choices.values()
            for name in choice.branches
        }
        self.caches = any(stage.cached for stage in pipeline.stages.values())

    def choice(self, choice: Choice) -> Iterable[str]:
        """Yield the lines of a choice. Raises UnsupportedError for one without an else."""
        if choice.otherwise is None:
            raise UnsupportedError(
                f"choice '{choice.name}' of pipeline '{self.pipeline.name}' has no otherwise; dsl.OneOf of "
                "KFP needs an Else",
                "https://www.kubeflow.org/docs/components/pipelines/user-guides/core-functions/control-flow/",
            )
        yield f"    with dsl.If({self._reference(choice.flag)} == True):"
        yield from self.task(self.pipeline.stages[choice.then], "        ")
        yield "    with dsl.Else():"
        yield from self.task(self.pipeline.stages[choice.otherwise], "        ")
        outputs = [self.pipeline.stages[name].outputs[0].name for name in choice.branches]
        chosen = self.names.of("data", choice.name)
        yield f"    {chosen} = dsl.OneOf({', '.join(self._reference(output) for output in outputs)})"

    def task(self, stage: Stage, indent: str = "    ") -> Iterable[str]:
        """Return the lines that call one component."""
        lines = []
        item = ""
        if stage.over is not None:
            source = self.pipeline.producer(stage.inputs[stage.over])
            if source is not None and source.over is not None:
                raise UnsupportedError(
                    f"{stage.module}.py: stage '{stage.name}' is mapped over what the mapped stage '{source.name}' "
                    "returned; KFP cannot loop over collected outputs: put a stage between them that returns the list",
                    "kfp 2.17.0: ParallelFor takes a PipelineChannel or a list, and Collected is neither "
                    "(kfp/dsl/for_loop.py)",
                )
            item = self.names.new(stage.over)
            items = self._reference(stage.inputs[stage.over])
            lines.append(f"{indent}with dsl.ParallelFor({items}) as {item}:")
            indent += "    "
        component = self.components[stage.name]
        arguments = []
        for argument, data in stage.inputs.items():
            value = item if argument == stage.over else self._reference(data)
            arguments.append(f"{component.inputs[argument]}={value}")
        arguments += [
            f"{component.inputs[argument]}={literal(value)}"
            for argument, value in stage.constants.items()
            if argument in component.inputs
        ]
        settings = self._settings(stage)
        call = f"components.{component.name}("
        variable = self.names.of("task", stage.name)
        if settings or any(output.name in self.used for output in stage.outputs):
            call = f"{variable} = {call}"
        lines.append(bracketed(call, arguments, ")", indent))
        lines += [f"{indent}{variable}.{setting}" for setting in settings]
        return lines

    def _settings(self, stage: Stage) -> list[str]:
        """Return the calls by which a task's settings are stated."""
        settings = []
        if not stage.cached and self.caches:
            settings.append("set_caching_options(enable_caching=False)")
        if stage.retries:
            delay = (
                f', backoff_duration="{stage.retry_delay}s", backoff_factor=1' if stage.retry_delay else ""
            )
            settings.append(f"set_retry(num_retries={stage.retries}{delay})")
        return settings

    def _reference(self, data: str) -> str:
        stage = self.pipeline.producer(data)
        if stage is None:
            return self.names.of("data", data)
        component = self.components[stage.name]
        value = f"{self.names.of('task', stage.name)}.output"
        if not component.only_output:
            value += f's["{component.outputs[data]}"]'
        return f"dsl.Collected({value})" if stage.over is not None else value
