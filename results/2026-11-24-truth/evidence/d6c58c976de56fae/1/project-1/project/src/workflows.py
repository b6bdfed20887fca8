"""The workflow items."""

from flytekit import map_task, workflow

from tasks import stages


@workflow
def items(results: str, seed: int = 7, nonce: str = "none") -> None:
    gathered = stages.gather(seed=seed)
    listed = stages.enumerate_items(gathered=gathered)
    scores = map_task(stages.score)(item=listed)
    stages.publish_scores(scores=scores, results=results)
