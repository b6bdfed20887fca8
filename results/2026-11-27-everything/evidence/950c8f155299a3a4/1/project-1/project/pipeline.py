"""The pipeline metadata: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="metadata")
def metadata(
    results: str, nonce: str = "000000", seed: int = 11, fails: str = "never"
) -> None:
    make_table_task = components.make_table(seed=seed)
    label_task = components.label(table_dataset=make_table_task.output, nonce=nonce)
    label_task.set_caching_options(enable_caching=False)
    describe_task = components.describe(seed=seed)
    describe_task.set_caching_options(enable_caching=False)
    fit_task = components.fit(labelled_dataset=label_task.output)
    fit_task.set_caching_options(enable_caching=False)
    measure_task = components.measure(
        model_artifact=fit_task.output, labelled_dataset=label_task.output, nonce=nonce
    )
    measure_task.set_caching_options(enable_caching=False)
    approve_task = components.approve(
        metrics=measure_task.output, fails=fails, results=results
    )
    approve_task.set_caching_options(enable_caching=False)
    approve_task.set_retry(num_retries=1)
    report_task = components.report(
        labelled_dataset=label_task.output,
        description=describe_task.outputs["Output"],
        model_artifact=fit_task.output,
        approved=approve_task.output,
        results=results,
    )
    report_task.set_caching_options(enable_caching=False)
