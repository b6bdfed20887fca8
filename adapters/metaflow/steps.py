"""The steps of a flow, from the stages of a pipeline."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bench.contract.codegen.literals import literal
from bench.pipeline import Choice, Pipeline, Stage

from .branches import Fork, Part, arranged, made_by, taken_by
from .names import FlowNames

__all__ = ["Step", "first_edited", "steps"]

WIDTH = 88
"""Columns of a line, the default of the usual formatters."""


@dataclass(frozen=True)
class Step:
    """One step: its method's name, what it does, and where it goes on to (None for the last).

    then: the arguments of ``self.next``. joins: whether it gathers what the tasks of the steps before it left.
    decorators: above ``@step``.
    """

    name: str
    body: tuple[str, ...]
    then: str | None = None
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
        lines = [f"    {line}" if line else line for text in body or ["pass"] for line in text.split("\n")]
        return "\n".join([*self.decorators, decorator, signature, *lines])


@dataclass(frozen=True)
class _Entry:
    """How a step goes on to a part: the arguments of ``self.next``, and whether that splits the flow."""

    then: str
    splits: bool


def steps(pipeline: Pipeline, names: FlowNames) -> list[Step]:
    """Return the steps in the order of the stages; a mapped stage has one step to map, one to join."""
    made = _Flow(pipeline, names).steps()
    if len(made) == 1:
        return made  # A flow of one step needs no marks, nor do steps of these two names.
    first, last = made[0], made[-1]
    made[0] = replace(first, starts=first.name != "start")
    made[-1] = replace(last, ends=last.name != "end")
    return made


def first_edited(pipeline: Pipeline, before: Pipeline, stage: str) -> str:
    """Return the step of a stage, or an earlier one whose own lines in the flow are not what they were.

    A step names the next one: who renames a step, adds one or swaps two also edits the step before.
    """
    names = FlowNames(pipeline)
    known = {step.text() for step in steps(before, FlowNames(before))}
    return next(
        step.name
        for step in steps(pipeline, names)
        if step.name == names.step(stage) or step.text() not in known
    )


class _Flow:
    """The steps of one pipeline, made part by part."""

    def __init__(self, pipeline: Pipeline, names: FlowNames) -> None:
        self.pipeline = pipeline
        self.names = names
        self.readers: dict[str, set[str]] = {}
        for name, stage in pipeline.stages.items():
            for data in stage.inputs.values():
                self.readers.setdefault(data, set()).add(name)
        for name, choice in pipeline.choices.items():
            self.readers.setdefault(choice.flag, set()).add(name)

    def steps(self) -> list[Step]:
        """Return all steps, the first and the last of a flow among them."""
        parts = arranged(self.pipeline)
        made = self._series(parts, None)
        if self._entry(parts[0]).splits:
            made.insert(0, Step(self.names.new("start"), (), self._entry(parts[0]).then))
        if made[-1].joins:
            # The last step of a flow cannot be a join.
            end = Step(self.names.new("end"), ())
            made[-1] = replace(made[-1], then=f"self.{end.name}")
            made.append(end)
        return made

    def _series(self, parts: Sequence[Part], then: str | None) -> list[Step]:
        """Return the steps of parts that come one after the other; the last one goes on to ``then``."""
        made: list[Step] = []
        for number, part in enumerate(parts):
            entry = self._entry(parts[number + 1]) if number + 1 < len(parts) else None
            made += self._part(part, entry.then if entry else then)
            if entry and entry.splits and made[-1].joins:
                # No step can be a join and a split, see check_num_args in metaflow/lint.py.
                between = Step(self.names.new(f"after_{made[-1].name}"), (), entry.then)
                made[-1] = replace(made[-1], then=f"self.{between.name}")
                made.append(between)
        return made

    def _part(self, part: Part, then: str | None) -> list[Step]:
        if isinstance(part, Stage):
            return list(self._stage(part, then))
        if isinstance(part, Choice):
            return list(self._choice(part, then))
        join = self.names.new(f"join_{'_and_'.join(self._first(branch) for branch in part.branches[:2])}")
        made: list[Step] = []
        ends = []
        for branch in part.branches:
            if self._entry(branch[0]).splits:
                fork = Step(self.names.fork(self._first(branch)), (), self._entry(branch[0]).then)
                made.append(fork)
            made += self._series(branch, f"self.{join}")
            ends.append(made[-1].name)
        return [*made, Step(join, tuple(self._merged(part, ends)), then, joins=True)]

    def _choice(self, choice: Choice, then: str | None) -> Iterator[Step]:
        """Yield the step that chooses, its two ways, and the step at which they meet again."""
        names, chosen = self.names, f"self.{self.names[choice.name]}"
        meet = names.new(f"after_{names.step(choice.name)}")
        other = names.new(f"no_{names.step(choice.name)}")
        ways = [names.step(choice.then), names.step(choice.otherwise) if choice.otherwise else other]
        switch = f'{{1: self.{ways[0]}, 0: self.{ways[1]}}}, condition="{names[choice.flag]}"'
        yield Step(names.step(choice.name), (), switch)
        for name in choice.branches:
            stage = self.pipeline.stages[name]
            body = (f"import {stage.module}\n", _assignment([chosen], stage, names))
            yield Step(names.step(name), body, f"self.{meet}", decorators=_decorators(stage))
        if choice.otherwise is None:
            yield Step(other, (f"{chosen} = None",), f"self.{meet}")
        yield Step(meet, (), then)

    def _entry(self, part: Part) -> _Entry:
        if isinstance(part, Choice):
            return _Entry(f"self.{self.names.step(part.name)}", splits=False)
        if isinstance(part, Stage):
            step = self.names.step(part.name)
            if part.over is None:
                return _Entry(f"self.{step}", splits=False)
            return _Entry(f'self.{step}, foreach="{self.names[part.inputs[part.over]]}"', splits=True)
        firsts = []
        for branch in part.branches:
            plain = self.names.step(branch[0].name) if not isinstance(branch[0], Fork) else None
            mapped = isinstance(branch[0], Stage) and branch[0].over is not None
            firsts.append(plain if plain and not mapped else self.names.fork(self._first(branch)))
        return _Entry(", ".join(f"self.{name}" for name in firsts), splits=True)

    def _first(self, branch: Sequence[Part]) -> str:
        """Return the name of the first step of a stage in a branch."""
        part = branch[0]
        while isinstance(part, Fork):
            part = part.branches[0][0]
        return self.names.step(part.name)

    def _stage(self, stage: Stage, then: str | None) -> Iterator[Step]:
        names, decorators = self.names, _decorators(stage)
        name = names.step(stage.name)
        if stage.over is None:
            targets = [f"self.{names[output.name]}" for output in stage.outputs]
            body: tuple[str, ...] = (f"import {stage.module}\n", _assignment(targets, stage, names))
            if stage.report:
                body = (*body, f"current.card.append(Markdown(self.{names[stage.outputs[0].name]}))")
            yield Step(name, body, then, decorators=decorators)
            return
        output, join = names[stage.outputs[0].name], names.join(stage.name)
        part = names.part(stage.outputs[0].name)
        body = (f"import {stage.module}\n", _assignment([f"self.{part}"], stage, names))
        yield Step(name, body, f"self.{join}", decorators=decorators)
        read = [data for argument, data in stage.inputs.items() if argument != stage.over]
        gather = [f"self.{output} = [task.{part} for task in inputs]"]
        yield Step(join, (*gather, *self._kept(read, [stage], "inputs[0]", [part])), then, joins=True)

    def _merged(self, fork: Fork, ends: Sequence[str]) -> Iterator[str]:
        """Yield the lines that take over what the branches made, and what was there before them."""
        inside = list(_stages(fork))
        made = {name for part in inside for name in made_by(part)}
        read = [data for part in inside for data in taken_by(part, self.pipeline) if data not in made]
        yield from self._kept(read, inside, f"inputs.{ends[0]}", [])

    def _kept(
        self, read: Iterable[str], by: Sequence[Stage | Choice], source: str, parts: list[str]
    ) -> Iterator[str]:
        """Yield lines that keep what stages have read, and merge the rest.

        A step saves again what it has read, and not always in the same bytes: merge_artifacts takes that for
        different values.
        """
        inside = {stage.name for stage in by}
        inside |= {name for part in by if isinstance(part, Choice) for name in part.branches}
        dropped = list(parts)
        for data in dict.fromkeys(read):
            if data in self.pipeline.parameters:
                continue
            if self.readers[data] - inside:
                yield f"self.{self.names[data]} = {source}.{self.names[data]}"
            else:
                dropped.append(self.names[data])
        excluded = f", exclude=[{', '.join(literal(name) for name in dropped)}]" if dropped else ""
        yield f"self.merge_artifacts(inputs{excluded})"


def _stages(fork: Fork) -> Iterator[Stage | Choice]:
    for branch in fork.branches:
        for part in branch:
            if isinstance(part, Fork):
                yield from _stages(part)
            else:
                yield part


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


def _assignment(targets: Sequence[str], stage: Stage, names: FlowNames) -> str:
    """Return the call of a stage's function, its results assigned, on as many lines as it needs."""
    arguments = [
        f"{argument}=self.{'input' if argument == stage.over else names[data]}"
        for argument, data in stage.inputs.items()
    ]
    arguments += [f"{argument}={literal(value)}" for argument, value in stage.constants.items()]
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
