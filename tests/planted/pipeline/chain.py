"""A chain of three stages."""

import stages

from bench.pipeline import File, Pipeline


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("chain")
    seed = flow.parameter("seed", int, default=7)
    results = flow.parameter("results", File)
    begun = flow.stage(stages.begin, seed=seed)
    value = flow.stage(stages.go_on, value=begun)
    flow.stage(stages.finish, value=value, results=results)
    return flow
