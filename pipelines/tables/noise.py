"""One task that returns a table of noise, and one that takes it."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    return graph("noise")


def graph(name: str, *, cached: bool = False) -> Pipeline:
    """Return the two tasks. cached: whether the table is to be reused."""
    flow = Pipeline(name)
    kilobytes = flow.parameter("kilobytes", int, default=1000)
    results = flow.parameter("results", File)
    table = flow.stage(stages.grow, Settings(output="table", cached=cached), kilobytes=kilobytes)
    flow.stage(stages.measure, table=table, results=results)
    return flow
