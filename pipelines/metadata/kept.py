"""What a run leaves that another version of the tool is asked about.

Its first and last stage have the names that every version of every tool knows for them.
"""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("kept")
    nonce = flow.parameter("nonce", str, default="000000")
    seed = flow.parameter("seed", int, default=11)
    results = flow.parameter("results", File)
    table = flow.stage(stages.start, Settings(output="table", layer="03_primary", cached=True), seed=seed)
    labelled = flow.stage(
        stages.label, Settings(output="labelled", layer="04_feature"), table=table, nonce=nonce
    )
    model = flow.stage(stages.fit, Settings(output="model", layer="06_models"), labelled=labelled)
    metrics = flow.stage(
        stages.measure,
        Settings(output="metrics", layer="08_reporting"),
        model=model,
        labelled=labelled,
        nonce=nonce,
    )
    flow.stage(stages.end, labelled=labelled, model=model, metrics=metrics, results=results)
    return flow
