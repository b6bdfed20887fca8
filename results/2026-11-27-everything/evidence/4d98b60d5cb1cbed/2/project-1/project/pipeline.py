"""The pipeline library: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="library")
def library(results: str, label: str = "red") -> None:
    paint_task = components.paint(label=label)
    show_painted_task = components.show_painted(
        painted=paint_task.output, results=results
    )
    show_painted_task.set_caching_options(enable_caching=False)
