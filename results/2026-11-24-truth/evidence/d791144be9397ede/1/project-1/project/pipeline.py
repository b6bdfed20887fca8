"""The pipeline parts: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="parts")
def parts(
    results: str, seed: int = 7, nonce: str = "none", store: str = "parts"
) -> None:
    gather_task = components.gather(seed=seed)
    write_parts_task = components.write_parts(gathered=gather_task.output, store=store)
    read_parts_task = components.read_parts(
        written=write_parts_task.output, store=store
    )
    publish_task = components.publish(reported=read_parts_task.output, results=results)
    publish_task.set_caching_options(enable_caching=False)
