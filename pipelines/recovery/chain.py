"""Four stages whose results are to be kept, and one that publishes; the nonce finds a run again."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("chain")
    seed = flow.parameter("seed", int, default=7)
    flow.parameter("nonce", str, default="none")
    results = flow.parameter("results", File)
    gathered = flow.stage(stages.gather, Settings(output="gathered", cached=True), seed=seed)
    trained = flow.stage(stages.train, Settings(output="trained", cached=True), gathered=gathered)
    assessed = flow.stage(stages.assess, Settings(output="assessed", cached=True), trained=trained)
    reported = flow.stage(stages.report, Settings(output="reported", cached=True), assessed=assessed)
    flow.stage(stages.publish, reported=reported, results=results)
    return flow
