"""A table of some megabytes between stages whose results are to be kept."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("table")
    seed = flow.parameter("seed", int, default=7)
    flow.parameter("nonce", str, default="none")
    results = flow.parameter("results", File)
    gathered = flow.stage(stages.gather, Settings(output="gathered", cached=True), seed=seed)
    built = flow.stage(stages.build, Settings(output="built", cached=True), gathered=gathered)
    reported = flow.stage(stages.condense, Settings(output="reported", cached=True), built=built)
    flow.stage(stages.publish, reported=reported, results=results)
    return flow
