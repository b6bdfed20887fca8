"""The pipeline items: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="items")
def items(results: str, seed: int = 7, nonce: str = "none") -> None:
    gather_task = components.gather(seed=seed)
    enumerate_items_task = components.enumerate_items(gathered=gather_task.output)
    with dsl.ParallelFor(enumerate_items_task.output) as item:
        score_task = components.score(item=item)
    publish_scores_task = components.publish_scores(
        scores=dsl.Collected(score_task.output), results=results
    )
    publish_scores_task.set_caching_options(enable_caching=False)
