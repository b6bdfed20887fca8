"""The pipeline chain_5: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="chain-5")
def chain_5(results: str, count: int = 0) -> None:
    step_1_task = components.step_1(count=count)
    step_2_task = components.step_2(count=step_1_task.output)
    step_3_task = components.step_3(count=step_2_task.output)
    step_4_task = components.step_4(count=step_3_task.output)
    components.write(count=step_4_task.output, results=results)
