"""As many mapped tasks as it is told, known only at run time."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("fanned")
    nonce = flow.parameter("nonce", str, default="000000")
    count = flow.parameter("count", int, default=20)
    results = flow.parameter("results", File)
    numbers = flow.stage(stages.count_off, Settings(output="numbers"), count=count)
    squares = flow.map(stages.square, numbers, Settings(output="squares"))
    flow.stage(stages.gather, squares=squares, nonce=nonce, results=results)
    return flow
