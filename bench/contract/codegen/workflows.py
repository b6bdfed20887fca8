"""A module of workflows: functions whose parameters are the pipeline's, and whose statements call tasks in order."""

from collections.abc import Callable, Iterable, Sequence

from bench.contract.codegen.format import bracketed
from bench.contract.codegen.literals import literal
from bench.contract.codegen.names import Names
from bench.contract.pipeline import Parameter, Pipeline, Stage

__all__ = ["arguments", "import_lines", "names_of", "signature"]


def names_of(
    tasks: Pipeline, flows: Sequence[Pipeline], own: Iterable[str], wanted: Callable[[str], str] = str
) -> Names:
    """Return the names of the module: of its functions, then of the data, then of the modules of tasks.

    own: names that the module uses itself. wanted: what a parameter should be called, for tools that do not take
    all names.
    """
    names = Names(own)
    names.add("flow", (flow.name for flow in flows))
    for flow in flows:
        for parameter in flow.parameters:
            names.of("data", parameter, wanted(parameter))
    names.add("data", (output.name for stage in tasks.stages.values() for output in stage.outputs))
    names.add("data", (choice for flow in flows for choice in flow.choices))
    names.add("module", sorted({stage.module for stage in tasks.stages.values()}))
    return names


def import_lines(tasks: Pipeline, names: Names) -> list[str]:
    """Return an import of each module of tasks from the package ``tasks``."""
    lines = []
    for module in sorted({stage.module for stage in tasks.stages.values()}):
        alias = names.of("module", module)
        lines.append(f"from tasks import {module}{f' as {alias}' if alias != module else ''}")
    return lines


def signature(
    pipeline: Pipeline, names: Names, annotation: Callable[[Parameter], str] = lambda one: one.annotation
) -> str:
    """Return the ``def`` line, with the parameters that must be given first, because Python wants it so."""
    required, defaulted = [], []
    for parameter in pipeline.parameters.values():
        said = f"{names.of('data', parameter.name)}: {annotation(parameter)}"
        if parameter.required:
            required.append(said)
        else:
            defaulted.append(f"{said} = {literal(parameter.default)}")
    return bracketed(
        f"def {names.of('flow', pipeline.name)}(", [*required, *defaulted], ") -> None:", indent=""
    )


def arguments(stage: Stage, names: Names, how: str = "{}", *, over: bool = True) -> list[str]:
    """Return the arguments of a call of a stage by name.

    how: what is written for each but the one that is mapped over. over: whether that one is among them.
    """
    said = []
    for argument, data in stage.inputs.items():
        value = names.of("data", data)
        if argument != stage.over:
            said.append(f"{argument}={how.format(value)}")
        elif over:
            said.append(f"{argument}={value}")
    return said + [
        f"{argument}={how.format(literal(value))}" for argument, value in stage.constants.items()
    ]
