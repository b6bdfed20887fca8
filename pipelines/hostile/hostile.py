"""Hands an awkward table and document through a tool."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("hostile")
    results = flow.parameter("results", File)
    table = flow.stage(stages.make_table, Settings(output="table", layer="02_intermediate"))
    document = flow.stage(stages.make_document, Settings(output="document", layer="02_intermediate"))
    flow.stage(stages.receive, table=table, document=document, results=results)
    return flow
