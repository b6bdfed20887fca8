"""The workflow table."""

from flytekit import workflow

from tasks import stages


@workflow
def table(results: str, seed: int = 7, nonce: str = "none") -> None:
    gathered = stages.gather(seed=seed)
    built = stages.build(gathered=gathered)
    reported = stages.condense(built=built)
    stages.publish(reported=reported, results=results)
