"""The smallest run with a name: one stage that writes its nonce."""

import stages

from bench.pipeline import File, Pipeline


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("note")
    nonce = flow.parameter("nonce", str, default="000000")
    results = flow.parameter("results", File)
    flow.stage(stages.note, nonce=nonce, results=results)
    return flow
