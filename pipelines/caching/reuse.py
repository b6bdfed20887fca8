"""Four stages whose results are to be reused, and a last one that shows what they delivered."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("reuse")
    items = flow.parameter("items", File, default="items.csv")
    amount = flow.parameter("amount", int, default=3)
    label = flow.parameter("label", str, default="red")
    results = flow.parameter("results", File)
    numbers = flow.stage(stages.read_numbers, Settings(output="numbers", cached=True), items=items)
    title = flow.stage(stages.entitle, Settings(output="title", cached=True), label=label)
    scaled = flow.stage(
        stages.scale, Settings(output="scaled", cached=True), numbers=numbers, amount=amount
    )
    summary = flow.stage(stages.summarise, Settings(output="summary", cached=True), scaled=scaled)
    flow.stage(stages.show, numbers=numbers, scaled=scaled, summary=summary, title=title, results=results)
    return flow
