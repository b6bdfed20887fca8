"""A stage that prints much."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("poured")
    nonce = flow.parameter("nonce", str, default="000000000000")
    lines = flow.parameter("lines", int, default=10_000)
    width = flow.parameter("width", int, default=99)
    results = flow.parameter("results", File)
    poured = flow.stage(stages.pour, Settings(output="poured"), nonce=nonce, lines=lines, width=width)
    flow.stage(stages.count, poured=poured, results=results)
    return flow
