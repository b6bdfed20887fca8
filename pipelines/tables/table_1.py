"""One stage that returns 1 MB of noise, whose result is to be reused."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("table_1")
    megabytes = flow.parameter("megabytes", int, default=1)
    results = flow.parameter("results", File)
    table = flow.stage(stages.grow, Settings(output="table", cached=True), megabytes=megabytes)
    flow.stage(stages.measure, table=table, results=results)
    return flow
