"""Values that are made anew in every run, and stages that take them and are to be reused."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("values")
    items = flow.parameter("items", File, default="items.csv")
    label = flow.parameter("label", str, default="red")
    results = flow.parameter("results", File)
    table = flow.stage(stages.make_table, Settings(output="table"), items=items)
    document = flow.stage(stages.make_document, Settings(output="document"), label=label)
    described = flow.stage(stages.describe, Settings(output="described", cached=True), table=table)
    spelled = flow.stage(stages.spell, Settings(output="spelled", cached=True), document=document)
    flow.stage(stages.show_values, described=described, spelled=spelled, results=results)
    return flow
