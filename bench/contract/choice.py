"""A choice between two stages, made by a value that is known only when the pipeline runs.

Standard library only, as :mod:`bench.contract.pipeline`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.contract.stage import Kind, Output, Stage
from bench.errors import PipelineError

if TYPE_CHECKING:
    from bench.contract.pipeline import Pipeline

__all__ = ["Choice", "choice_of", "in_order"]


@dataclass(frozen=True)
class Choice:
    """A value that one of two stages makes, or None where no stage is there for it.

    flag: the data, a bool, that decides. then, otherwise: the names of the stages; otherwise may be None.
    output: as of a stage.
    """

    name: str
    flag: str
    then: str
    otherwise: str | None
    output: Output

    @property
    def branches(self) -> tuple[str, ...]:
        """Return the names of its stages."""
        return (self.then,) if self.otherwise is None else (self.then, self.otherwise)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Choice":
        """Rebuild what ``dataclasses.asdict`` gave."""
        return cls(**{**data, "output": Output(**data["output"])})


def choice_of(flow: "Pipeline", flag: Any, then: Any, otherwise: Any, name: str | None) -> Choice:
    """Return a choice between the stages that make two values. Raises PipelineError for other values."""
    if getattr(flag, "kind", None) != "bool":
        raise PipelineError(
            f"flow.when of pipeline '{flow.name}': its first argument must be data of kind bool"
        )
    made = [_branch(flow, data) for data in (then, otherwise) if data is not None]
    outputs = [stage.outputs[0] for stage in made]
    kinds: set[Kind] = {output.kind for output in outputs}
    optional = otherwise is None or any(output.optional for output in outputs)
    output = Output(
        name
        or f"{'_or_'.join(output.name for output in outputs)}{'' if otherwise is not None else '_or_none'}",
        kinds.pop() if len(kinds) == 1 else "model",
        plain=all(output.plain for output in outputs),
        optional=optional,
    )
    return Choice(output.name, flag.name, made[0].name, made[1].name if len(made) > 1 else None, output)


def _branch(flow: "Pipeline", data: Any) -> Stage:
    stage = flow.producer(getattr(data, "name", ""))
    if stage is None or stage.several or stage.over is not None:
        raise PipelineError(
            f"flow.when of pipeline '{flow.name}': then and otherwise must each be what one stage returned, not "
            f"{data!r}; the stage may not be mapped, nor return a NamedTuple"
        )
    if any(stage.name in choice.branches for choice in flow.choices.values()):
        raise PipelineError(f"stage '{stage.name}' of pipeline '{flow.name}' is in two choices")
    return stage


def in_order(flow: "Pipeline") -> Iterator[Stage | Choice]:
    """Yield stages and choices in an order in which they can run; a stage of a choice does not come by itself."""
    of_stage = {name: choice for choice in flow.choices.values() for name in choice.branches}
    passed: set[str] = set()
    for name, stage in flow.stages.items():
        choice = of_stage.get(name)
        passed.add(name)
        if choice is None:
            yield stage
        elif passed.issuperset(choice.branches):
            yield choice
