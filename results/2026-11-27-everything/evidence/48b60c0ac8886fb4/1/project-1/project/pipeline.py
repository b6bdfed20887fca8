"""The pipeline branches: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="branches")
def branches(results: str, nonce: str = "000000000000") -> None:
    load_task = components.load(nonce=nonce)
    split_task = components.split(loaded=load_task.output)
    clean_task = components.clean(loaded=load_task.output)
    with dsl.ParallelFor(split_task.output) as part:
        score_task = components.score(part=part, cleaned=clean_task.output)
    fit_task = components.fit(cleaned=clean_task.output)
    join_task = components.join(
        scores=dsl.Collected(score_task.output), fitted=fit_task.output
    )
    components.publish(joined=join_task.output, results=results)
