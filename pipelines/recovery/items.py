"""Fifty items, each scored by itself, all results to be kept."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("items")
    seed = flow.parameter("seed", int, default=7)
    flow.parameter("nonce", str, default="none")
    results = flow.parameter("results", File)
    gathered = flow.stage(stages.gather, Settings(output="gathered", cached=True), seed=seed)
    listed = flow.stage(stages.enumerate_items, Settings(output="listed", cached=True), gathered=gathered)
    scores = flow.map(stages.score, listed, Settings(output="scores", cached=True))
    flow.stage(stages.publish_scores, scores=scores, results=results)
    return flow
