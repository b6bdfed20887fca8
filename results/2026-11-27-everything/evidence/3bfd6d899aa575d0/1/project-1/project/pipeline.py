"""The pipeline alike: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="alike")
def alike(results: str, label: str = "red") -> None:
    begin_task = components.begin(label=label)
    finish_task = components.finish(label=label)
    show_alike_task = components.show_alike(
        begun=begin_task.output, finished=finish_task.output, results=results
    )
    show_alike_task.set_caching_options(enable_caching=False)
