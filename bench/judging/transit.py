"""Compares what a stage was given with what its producer returned: whether values arrive as they left."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.contract.pipeline import Pipeline
from bench.contract.records import Run

__all__ = ["Transit", "in_transit"]


@dataclass(frozen=True)
class Transit:
    """One value on its way from the stage that returned it to one that was given it.

    altered: names of its parts that are no longer equal; retyped: of those that are equal, but of
    another type, order or index.
    """

    value: str
    consumer: str
    altered: tuple[str, ...]
    retyped: tuple[str, ...]


def in_transit(run: Run, pipeline: Pipeline) -> Iterable[Transit]:
    """Compare what each stage was given with what its producer returned, part by part.

    Values that are gathered from a mapped stage, or handed out to one, are left out: no single call
    returned or received them.
    """
    for stage in pipeline.stages.values():
        for argument, name in stage.inputs.items():
            producer = pipeline.producer(name)
            given = run.received.get(f"{stage.name}.{argument}")
            if producer is None or given is None or producer.over or stage.over:
                continue
            returned = run.delivered.get(f"{producer.name}.{name}")
            if returned is None:
                continue
            altered, retyped = [], []
            for part in sorted({*returned.parts, *given.parts}):
                before, after = returned.parts.get(part), given.parts.get(part)
                if before is None or after is None or before[1] != after[1]:
                    altered.append(part)
                elif before[0] != after[0]:
                    retyped.append(part)
            if not altered and returned.value != given.value:
                altered.append("the whole")
            elif not altered and not retyped and returned.strict != given.strict:
                retyped.append("the whole")
            yield Transit(name, f"{stage.name}.{argument}", tuple(altered), tuple(retyped))
