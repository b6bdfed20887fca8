"""A table, a model, metrics and logs, each of which tells the run that it belongs to."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("metadata")
    nonce = flow.parameter("nonce", str, default="000000")
    seed = flow.parameter("seed", int, default=11)
    fails = flow.parameter("fails", str, default="never")
    results = flow.parameter("results", File)
    table = flow.stage(
        stages.make_table, Settings(output="table", layer="03_primary", cached=True), seed=seed
    )
    labelled = flow.stage(
        stages.label, Settings(output="labelled", layer="04_feature"), table=table, nonce=nonce
    )
    description = flow.stage(
        stages.describe, Settings(output="description", layer="08_reporting"), seed=seed
    )
    model = flow.stage(stages.fit, Settings(output="model", layer="06_models"), labelled=labelled)
    metrics = flow.stage(
        stages.measure,
        Settings(output="metrics", layer="08_reporting"),
        model=model,
        labelled=labelled,
        nonce=nonce,
    )
    approved = flow.stage(
        stages.approve,
        Settings(output="approved", layer="08_reporting", retries=1),
        metrics=metrics,
        fails=fails,
        results=results,
    )
    flow.stage(
        stages.report,
        labelled=labelled,
        description=description,
        model=model,
        approved=approved,
        results=results,
    )
    return flow
