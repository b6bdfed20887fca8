"""A stage that writes its result in parts, to a folder that outlives the run."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("parts")
    seed = flow.parameter("seed", int, default=7)
    flow.parameter("nonce", str, default="none")
    store = flow.parameter("store", str, default="parts")
    results = flow.parameter("results", File)
    gathered = flow.stage(stages.gather, Settings(output="gathered", cached=True), seed=seed)
    written = flow.stage(
        stages.write_parts, Settings(output="written", cached=True), gathered=gathered, store=store
    )
    reported = flow.stage(
        stages.read_parts, Settings(output="reported", cached=True), written=written, store=store
    )
    flow.stage(stages.publish, reported=reported, results=results)
    return flow
