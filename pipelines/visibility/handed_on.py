"""Two branches that hand on the same value, and a join."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("handed_on")
    nonce = flow.parameter("nonce", str, default="000000000000")
    results = flow.parameter("results", File)
    loaded = flow.stage(stages.load, Settings(output="loaded"), nonce=nonce)
    one = flow.stage(stages.left, Settings(output="one"), loaded=loaded)
    other = flow.stage(stages.right, Settings(output="other"), loaded=loaded)
    flow.stage(stages.meet, one=one, other=other, results=results)
    return flow
