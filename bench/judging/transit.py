"""Compares what a stage was given with what its producer returned: whether values arrive as they left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bench.contract.pipeline import Pipeline
from bench.contract.records import Digest, Run

__all__ = ["Transit", "in_transit"]


@dataclass(frozen=True)
class Transit:
    """One value on its way from the stage that returned it to one that was given it.

    altered: names of its parts that are no longer equal; retyped: of those that are equal, but of
    another type, order or index. undescribed: by the path of a part of which nothing can be said, its type
    and the reason.
    """

    producer: str
    value: str
    consumer: str
    altered: tuple[str, ...]
    retyped: tuple[str, ...]
    undescribed: Mapping[str, str] = field(default_factory=dict)


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
            undescribed = {**returned.undescribed, **given.undescribed}
            where = f"{stage.name}.{argument}"
            if "undescribed" in (returned.kind, given.kind):
                yield Transit(producer.name, name, where, (), (), undescribed or {"$": "nothing was seen"})
                continue
            altered, retyped = _differences(returned, given)
            yield Transit(producer.name, name, where, altered, retyped, undescribed)


def _differences(returned: Digest, given: Digest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the parts that were altered, and those that were retyped."""
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
    return tuple(altered), tuple(retyped)
