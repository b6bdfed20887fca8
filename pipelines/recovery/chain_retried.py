"""The chain, its third stage to be tried twice more after an error, a second apart."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("chain_retried")
    seed = flow.parameter("seed", int, default=7)
    flow.parameter("nonce", str, default="none")
    results = flow.parameter("results", File)
    gathered = flow.stage(stages.gather, Settings(output="gathered", cached=True), seed=seed)
    trained = flow.stage(stages.train, Settings(output="trained", cached=True), gathered=gathered)
    assessed = flow.stage(
        stages.assess, Settings(output="assessed", cached=True, retries=2, retry_delay=1), trained=trained
    )
    reported = flow.stage(stages.report, Settings(output="reported", cached=True), assessed=assessed)
    flow.stage(stages.publish, reported=reported, results=results)
    return flow
