"""The pipeline idle: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="idle")
def idle(results: str, count: int = 0) -> None:
    step_1_task = components.step_1(count=count)
    step_2_task = components.step_2(count=step_1_task.output)
    step_3_task = components.step_3(count=step_2_task.output)
    step_4_task = components.step_4(count=step_3_task.output)
    step_5_task = components.step_5(count=step_4_task.output)
    step_6_task = components.step_6(count=step_5_task.output)
    step_7_task = components.step_7(count=step_6_task.output)
    step_8_task = components.step_8(count=step_7_task.output)
    step_9_task = components.step_9(count=step_8_task.output)
    step_10_task = components.step_10(count=step_9_task.output)
    write_task = components.write(count=step_10_task.output, results=results)
    write_task.set_caching_options(enable_caching=False)
