"""A stage that returns a page with a picture, to be shown by whatever a tool has for that."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("paged")
    nonce = flow.parameter("nonce", str, default="000000000000")
    fails = flow.parameter("fails", bool, default=False)
    results = flow.parameter("results", File)
    prepared = flow.stage(stages.prepare, Settings(output="prepared"), nonce=nonce)
    measured = flow.stage(stages.measure, Settings(output="measured"), prepared=prepared, fails=fails)
    page = flow.stage(
        stages.draw, Settings(output="page", layer="08_reporting", report=True), measured=measured
    )
    flow.stage(stages.deliver, page=page, results=results)
    return flow
