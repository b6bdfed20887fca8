"""The pipeline large: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="large")
def large(results: str, amount: int = 3) -> None:
    grow_task = components.grow(amount=amount)
    show_large_task = components.show_large(
        grown_dataset=grow_task.output, results=results
    )
    show_large_task.set_caching_options(enable_caching=False)
