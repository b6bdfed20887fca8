"""The pipeline chain_10: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="chain-10")
def chain_10(results: str, count: int = 0) -> None:
    step_1_task = components.step_1(count=count)
    step_2_task = components.step_2(count=step_1_task.output)
    step_3_task = components.step_3(count=step_2_task.output)
    step_4_task = components.step_4(count=step_3_task.output)
    step_5_task = components.step_5(count=step_4_task.output)
    step_6_task = components.step_6(count=step_5_task.output)
    step_7_task = components.step_7(count=step_6_task.output)
    step_8_task = components.step_8(count=step_7_task.output)
    step_9_task = components.step_9(count=step_8_task.output)
    components.write(count=step_9_task.output, results=results)
