"""One stage that returns 12 MB of noise, so that what stores it is known by its size."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("large")
    amount = flow.parameter("amount", int, default=3)
    results = flow.parameter("results", File)
    grown = flow.stage(stages.grow, Settings(output="grown", cached=True), amount=amount)
    flow.stage(stages.show_large, grown=grown, results=results)
    return flow
