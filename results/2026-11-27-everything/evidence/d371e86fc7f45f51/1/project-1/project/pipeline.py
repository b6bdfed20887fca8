"""The pipeline function: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="function")
def function(results: str, label: str = "red") -> None:
    make_function_task = components.make_function(label=label)
    make_function_task.set_caching_options(enable_caching=False)
    apply_task = components.apply(function_artifact=make_function_task.output)
    show_applied_task = components.show_applied(
        applied=apply_task.output, results=results
    )
    show_applied_task.set_caching_options(enable_caching=False)
