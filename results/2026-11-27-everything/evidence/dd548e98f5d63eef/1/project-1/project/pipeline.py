"""The pipeline told: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="told")
def told(results: str, nonce: str = "000000000000", fails: bool = False) -> None:
    prepare_task = components.prepare(nonce=nonce)
    measure_task = components.measure(prepared=prepare_task.output, fails=fails)
    components.report(measured=measure_task.output, results=results)
