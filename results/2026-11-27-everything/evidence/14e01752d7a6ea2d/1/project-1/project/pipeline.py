"""The pipeline reuse: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="reuse")
def reuse(
    results: str, items: str = "items.csv", amount: int = 3, label: str = "red"
) -> None:
    read_numbers_task = components.read_numbers(items=items)
    entitle_task = components.entitle(label=label)
    scale_task = components.scale(
        numbers_dataset=read_numbers_task.output, amount=amount
    )
    summarise_task = components.summarise(scaled_dataset=scale_task.output)
    show_task = components.show(
        numbers_dataset=read_numbers_task.output,
        scaled_dataset=scale_task.output,
        summary=summarise_task.output,
        title=entitle_task.output,
        results=results,
    )
    show_task.set_caching_options(enable_caching=False)
