"""The pipeline adapting: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="adapting")
def adapting(results: str, day: str = "2026-01-07") -> None:
    gather_task = components.gather(day=day)
    tidy_task = components.tidy(gathered=gather_task.output)
    train_task = components.train(gathered=tidy_task.output)
    score_all_task = components.score_all(
        gathered=tidy_task.output, trained=train_task.output
    )
    assess_task = components.assess(scores=score_all_task.output)
    components.report(assessed=assess_task.output, results=results)
