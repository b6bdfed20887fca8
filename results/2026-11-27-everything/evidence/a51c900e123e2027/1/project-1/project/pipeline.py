"""The pipeline erring: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="erring")
def erring(results: str, day: str = "2026-01-07", count: int = 5) -> None:
    gather_task = components.gather(day=day, count=count)
    train_task = components.train(gathered=gather_task.output)
    score_task = components.score(
        gathered=gather_task.output, trained_artifact=train_task.output
    )
    assess_task = components.assess(scores=score_task.output)
    components.report(assessed=assess_task.output, results=results)
