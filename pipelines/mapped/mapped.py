"""As many mapped tasks that do nothing as it is told, known only at run time."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("mapped")
    count = flow.parameter("count", int, default=10)
    results = flow.parameter("results", File)
    items = flow.stage(stages.name_items, Settings(output="items"), count=count)
    taken = flow.map(stages.take, items, Settings(output="taken"))
    flow.stage(stages.gather, taken=taken, results=results)
    return flow
