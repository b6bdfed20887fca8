"""The steps of a flow, from the stages of a pipeline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.contract.codegen.format import free
from bench.pipeline import Pipeline, Stage

__all__ = ["Names", "Step", "first_edited", "steps"]

WIDTH = 88
"""Columns of a line, the default of the usual formatters."""

RESERVED = frozenset(
    (
        *("cmd", "foreach_stack", "index", "input", "merge_artifacts", "name", "next", "script_name"),
        *("decospecs", "max_log_size", "max_num_splits", "max_workers", "namespace", "obj", "params"),
        *("run_id", "run_id_file", "runner_attribute_file", "tag", "tags", "task_id", "user_namespace"),
    )
)
"""Attributes of every flow, and options of ``run``: no artifact, parameter or step can have these names."""


class Names:
    """Attribute on ``self`` for each data name; parameters, artifacts and steps share one namespace."""

    def __init__(self, pipeline: Pipeline) -> None:
        outputs = [output.name for stage in pipeline.stages.values() for output in stage.outputs]
        self._data = {*pipeline.parameters, *outputs}
        self._stages = set(pipeline.stages)

    def __getitem__(self, data: str) -> str:
        """Return the attribute that holds a parameter or an output."""
        return f"{data}_" if data in RESERVED else data

    def step(self, stage: str) -> str:
        """Return the name of a stage's step."""
        return f"{stage}_step" if stage in self._data or stage in RESERVED else stage

    def join(self, stage: str) -> str:
        """Return the name of the step that joins the tasks of a mapped stage."""
        name = f"join_{stage}"
        return f"{name}_step" if name in self._data or name in self._stages else name


@dataclass(frozen=True)
class Step:
    """One step: its method's name, what it does, and where it goes on to (None for the last).

    joins: whether it gathers what the tasks of the step before it left. decorators: above ``@step``.
    """

    name: str
    body: tuple[str, ...]
    then: str | None
    starts: bool = False
    ends: bool = False
    joins: bool = False
    decorators: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the decorated method, without indentation."""
        marks = [f"{mark}=True" for mark, is_so in (("start", self.starts), ("end", self.ends)) if is_so]
        decorator = f"@step({', '.join(marks)})" if marks else "@step"
        signature = f"def {self.name}(self{', inputs' if self.joins else ''}):"
        body = [*self.body, *([f"self.next({self.then})"] if self.then else [])]
        lines = [f"    {line}" if line else line for text in body for line in text.split("\n")]
        return "\n".join([*self.decorators, decorator, signature, *lines])


def steps(pipeline: Pipeline, names: Names) -> list[Step]:
    """Return the steps in the order of the stages; a mapped stage has one step to map, one to join."""
    plain = [part for stage in pipeline.stages.values() for part in _parts(stage, names)]
    if plain[-1][0].joins:
        # The last step of a flow cannot be a join.
        plain.append((Step(free("end", {step.name for step, _ in plain}), ("pass",), None), None))
    linked = []
    for index, (step, _) in enumerate(plain):
        then = None
        if index + 1 < len(plain):
            following, over = plain[index + 1]
            then = f"self.{following.name}" + (f', foreach="{over}"' if over else "")
        # A flow of one step needs no marks, nor do steps of these two names.
        starts = index == 0 and len(plain) > 1 and step.name != "start"
        ends = then is None and len(plain) > 1 and step.name != "end"
        linked.append(Step(step.name, step.body, then, starts, ends, step.joins, step.decorators))
    return linked


def first_edited(pipeline: Pipeline, before: Pipeline, stage: str) -> str:
    """Return the step of a stage, or an earlier one whose own lines in the flow are not what they were.

    A step names the next one: who renames a step, adds one or swaps two also edits the step before.
    """
    names = Names(pipeline)
    known = {step.text() for step in steps(before, Names(before))}
    return next(
        step.name
        for step in steps(pipeline, names)
        if step.name == names.step(stage) or step.text() not in known
    )


def _parts(stage: Stage, names: Names) -> Iterator[tuple[Step, str | None]]:
    """Yield the steps of one stage, each with the artifact that it is mapped over."""
    decorators = _decorators(stage)
    if stage.over is None:
        body: tuple[str, ...] = (f"import {stage.module}\n", _call(stage, names))
        if stage.report:
            body = (*body, f"current.card.append(Markdown(self.{names[stage.outputs[0].name]}))")
        yield Step(names.step(stage.name), body, None, decorators=decorators), None
        return
    output = names[stage.outputs[0].name]
    part = f"{output}_part"
    body = (f"import {stage.module}\n", _assignment([f"self.{part}"], stage, names))
    yield Step(names.step(stage.name), body, None, decorators=decorators), names[stage.inputs[stage.over]]
    gather = (
        f"self.{output} = [task.{part} for task in inputs]",
        f'self.merge_artifacts(inputs, exclude=["{part}"])',
    )
    yield Step(names.join(stage.name), gather, None, joins=True), None


def _decorators(stage: Stage) -> tuple[str, ...]:
    decorators = []
    if stage.report:
        decorators.append('@card(type="blank")')
    if stage.retries:
        minutes = stage.retry_delay // 60 if stage.retry_delay % 60 == 0 else stage.retry_delay / 60
        decorators.append(f"@retry(times={stage.retries}, minutes_between_retries={minutes:.4g})")
    if stage.timeout is not None:
        decorators.append(f"@timeout(seconds={stage.timeout})")
    return tuple(decorators)


def _call(stage: Stage, names: Names) -> str:
    targets = [f"self.{names[output.name]}" for output in stage.outputs]
    return _assignment(targets, stage, names)


def _assignment(targets: Sequence[str], stage: Stage, names: Names) -> str:
    """Return the call of a stage's function, its results assigned, on as many lines as it needs."""
    arguments = [
        f"{argument}=self.{'input' if argument == stage.over else names[data]}"
        for argument, data in stage.inputs.items()
    ]
    left = ", ".join(targets)
    if stage.several and len(targets) == 1:
        left = f"({left},)"
    opening = f"{left} = " if left else ""
    opening += f"{stage.module}.{stage.function}("
    line = f"{opening}{', '.join(arguments)})"
    # Eight columns of indentation stand before it.
    if len(line) <= WIDTH - 8 or not arguments:
        return line
    return "\n".join([opening, *(f"    {argument}," for argument in arguments), ")"])
