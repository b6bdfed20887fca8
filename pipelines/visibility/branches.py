"""Two branches from one source, one of them mapped over a list, and a join."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("branches")
    nonce = flow.parameter("nonce", str, default="000000000000")
    results = flow.parameter("results", File)
    loaded = flow.stage(stages.load, Settings(output="loaded"), nonce=nonce)
    parts = flow.stage(stages.split, Settings(output="parts"), loaded=loaded)
    cleaned = flow.stage(stages.clean, Settings(output="cleaned"), loaded=loaded)
    scores = flow.map(stages.score, parts, Settings(output="scores"), cleaned=cleaned)
    fitted = flow.stage(stages.fit, Settings(output="fitted"), cleaned=cleaned)
    joined = flow.stage(stages.join, Settings(output="joined"), scores=scores, fitted=fitted)
    flow.stage(stages.publish, joined=joined, results=results)
    return flow
