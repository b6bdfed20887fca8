"""A stage that returns a function, and one that takes it and is to be reused."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("function")
    label = flow.parameter("label", str, default="red")
    results = flow.parameter("results", File)
    function = flow.stage(stages.make_function, Settings(output="function"), label=label)
    applied = flow.stage(stages.apply, Settings(output="applied", cached=True), function=function)
    flow.stage(stages.show_applied, applied=applied, results=results)
    return flow
