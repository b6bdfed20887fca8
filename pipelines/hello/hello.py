"""The smallest pipeline: one stage that writes a text file."""

import stages

from bench.pipeline import File, Pipeline


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("hello")
    greeting = flow.parameter("greeting", str, default="hello")
    results = flow.parameter("results", File)
    flow.stage(stages.greet, greeting=greeting, results=results)
    return flow
