"""A stage that takes long, and goes on step by step."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("long")
    nonce = flow.parameter("nonce", str, default="000000000000")
    steps = flow.parameter("steps", int, default=4)
    seconds = flow.parameter("seconds", float, default=2.0)
    results = flow.parameter("results", File)
    begun = flow.stage(stages.begin, Settings(output="begun"), nonce=nonce)
    toiled = flow.stage(stages.toil, Settings(output="toiled"), begun=begun, steps=steps, seconds=seconds)
    flow.stage(stages.finish, toiled=toiled, results=results)
    return flow
