"""Three stages that write to the terminal; the second may fail."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("told")
    nonce = flow.parameter("nonce", str, default="000000000000")
    fails = flow.parameter("fails", bool, default=False)
    results = flow.parameter("results", File)
    prepared = flow.stage(stages.prepare, Settings(output="prepared"), nonce=nonce)
    measured = flow.stage(stages.measure, Settings(output="measured"), prepared=prepared, fails=fails)
    flow.stage(stages.report, measured=measured, results=results)
    return flow
