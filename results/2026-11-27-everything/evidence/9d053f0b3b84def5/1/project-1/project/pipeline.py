"""The pipeline adapting: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="adapting")
def adapting(results: str, day: str = "2026-01-07") -> None:
    gather_task = components.gather(day=day)
    train_task = components.train(gathered=gather_task.output)
    score_all_task = components.score_all(
        gathered=gather_task.output, trained=train_task.output
    )
    assess_task = components.assess(scores=score_all_task.output)
    with dsl.If(assess_task.output > 5.0):
        components.report(assessed=assess_task.output, results=results)
