"""Five short stages, to be edited: each requirement that arises changes a place or two of the project."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("adapting")
    day = flow.parameter("day", str, default="2026-01-07")
    results = flow.parameter("results", File)
    gathered = flow.stage(stages.gather, Settings(output="gathered"), day=day)
    trained = flow.stage(stages.train, Settings(output="trained"), gathered=gathered)
    scores = flow.stage(stages.score_all, Settings(output="scores"), gathered=gathered, trained=trained)
    assessed = flow.stage(stages.assess, Settings(output="assessed"), scores=scores)
    flow.stage(stages.report, assessed=assessed, results=results)
    return flow
