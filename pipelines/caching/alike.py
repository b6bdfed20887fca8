"""Two stages that take the same argument with the same value, and return different things."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("alike")
    label = flow.parameter("label", str, default="red")
    results = flow.parameter("results", File)
    begun = flow.stage(stages.begin, Settings(output="begun", cached=True), label=label)
    finished = flow.stage(stages.finish, Settings(output="finished", cached=True), label=label)
    flow.stage(stages.show_alike, begun=begun, finished=finished, results=results)
    return flow
