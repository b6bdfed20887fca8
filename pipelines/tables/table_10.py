"""One stage that returns 10 MB of noise, whose result is to be reused."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("table_10")
    megabytes = flow.parameter("megabytes", int, default=10)
    results = flow.parameter("results", File)
    table = flow.stage(stages.grow, Settings(output="table", cached=True), megabytes=megabytes)
    flow.stage(stages.measure, table=table, results=results)
    return flow
