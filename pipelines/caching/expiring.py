"""A stage whose result is to be reused for twenty seconds."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("expiring")
    label = flow.parameter("label", str, default="red")
    results = flow.parameter("results", File)
    begun = flow.stage(stages.begin, Settings(output="begun", cached=True, cached_for=20), label=label)
    flow.stage(stages.show_begun, begun=begun, results=results)
    return flow
