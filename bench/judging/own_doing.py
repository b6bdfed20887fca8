"""Which values a stage itself made otherwise: it was given what the control gave it, and returned something else.

The order of a table in memory, or the number of threads, can change the last digits of a sum. That is the doing of the
stage, or of the machine. A tool is not blamed for it, nor for what follows from it.
"""

from collections.abc import Iterable

from bench.contract.pipeline import Pipeline, Stage
from bench.contract.records import Run
from bench.judging.steadiness import Unsteady, covered, differing

__all__ = ["made_otherwise"]


def made_otherwise(
    run: Run, control: Run, stages: Iterable[str], left_out: Unsteady, pipeline: Pipeline
) -> tuple[str, ...]:
    """Return as ``stage.output`` what differs from the control's, though all that its stage was given is equal.

    Equal is also what an earlier one of these stages returned. stages: of the control, in the order of the pipeline.
    """
    found: dict[str, None] = {}
    for stage in (pipeline.stages[name] for name in stages):
        if not _given_the_same(run, control, stage, found, left_out, pipeline):
            continue
        for output in stage.outputs:
            name = f"{stage.name}.{output.name}"
            one, two = control.delivered.get(name), run.delivered.get(name)
            if one is not None and two is not None and not covered(differing(one, two), left_out.of(name)):
                found[name] = None
    return tuple(found)


def _given_the_same(
    run: Run, control: Run, stage: Stage, found: Iterable[str], left_out: Unsteady, pipeline: Pipeline
) -> bool:
    for argument, data in stage.inputs.items():
        name = f"{stage.name}.{argument}"
        producer = pipeline.producer(data)
        returned = "" if producer is None else f"{producer.name}.{data}"
        if returned in found:
            continue
        one, two = control.received.get(name), run.received.get(name)
        if one is None or two is None or not covered(differing(one, two), left_out.of(returned)):
            return False
    return True
