"""Five short stages, for mistakes: in what a stage does, in how stages are wired, and on the command line."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("erring")
    day = flow.parameter("day", str, default="2026-01-07")
    count = flow.parameter("count", int, default=5)
    results = flow.parameter("results", File)
    gathered = flow.stage(stages.gather, Settings(output="gathered"), day=day, count=count)
    trained = flow.stage(stages.train, Settings(output="trained"), gathered=gathered)
    scores = flow.stage(stages.score, Settings(output="scores"), gathered=gathered, trained=trained)
    assessed = flow.stage(stages.assess, Settings(output="assessed"), scores=scores)
    flow.stage(stages.report, assessed=assessed, results=results)
    return flow
