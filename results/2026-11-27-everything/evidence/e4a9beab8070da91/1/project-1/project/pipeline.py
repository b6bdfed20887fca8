"""The pipeline chain: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="chain")
def chain(results: str, seed: int = 7, nonce: str = "none") -> None:
    gather_task = components.gather(seed=seed)
    train_task = components.train(gathered=gather_task.output)
    assess_task = components.assess(trained=train_task.output)
    report_task = components.report(assessed=assess_task.output)
    publish_task = components.publish(reported=report_task.output, results=results)
    publish_task.set_caching_options(enable_caching=False)
