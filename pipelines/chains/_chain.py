"""The graph of a chain, for the pipelines beside this file."""

import stages

from bench.pipeline import File, Pipeline, Settings


def of(name: str, *, tasks: int, cached: bool = False) -> Pipeline:
    """Return a chain of at least one task, the last of which writes. cached: the results of all others."""
    flow = Pipeline(name)
    count = flow.parameter("count", int, default=0)
    results = flow.parameter("results", File)
    for number in range(1, tasks):
        step = getattr(stages, f"step_{number}")
        count = flow.stage(step, Settings(output=f"count_{number}", cached=cached), count=count)
    flow.stage(stages.write, count=count, results=results)
    return flow
