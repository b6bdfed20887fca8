"""The workflow chain."""

from flytekit import workflow

from tasks import stages


@workflow
def chain(results: str, seed: int = 7, nonce: str = "none") -> None:
    gathered = stages.gather(seed=seed)
    trained = stages.train(gathered=gathered)
    assessed = stages.assess(trained=trained)
    reported = stages.report(assessed=assessed)
    stages.publish(reported=reported, results=results)
