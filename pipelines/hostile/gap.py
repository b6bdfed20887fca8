"""Hands a document with a missing value through a tool; apart, because some refuse it altogether."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("gap")
    results = flow.parameter("results", File)
    document = flow.stage(stages.make_gap, Settings(output="document", layer="02_intermediate"))
    flow.stage(stages.receive_gap, document=document, results=results)
    return flow
