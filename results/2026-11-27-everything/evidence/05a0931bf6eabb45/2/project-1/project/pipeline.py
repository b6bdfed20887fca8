"""The pipeline gap: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="gap")
def gap(results: str) -> None:
    make_gap_task = components.make_gap()
    components.receive_gap(document=make_gap_task.output, results=results)
