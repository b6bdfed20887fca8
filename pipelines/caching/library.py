"""A stage that uses a library from outside the project."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("library")
    label = flow.parameter("label", str, default="red")
    results = flow.parameter("results", File)
    painted = flow.stage(stages.paint, Settings(output="painted", cached=True), label=label)
    flow.stage(stages.show_painted, painted=painted, results=results)
    return flow
