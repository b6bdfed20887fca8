"""The pipeline paged: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="paged")
def paged(results: str, nonce: str = "000000000000", fails: bool = False) -> None:
    prepare_task = components.prepare(nonce=nonce)
    measure_task = components.measure(prepared=prepare_task.output, fails=fails)
    draw_task = components.draw(measured=measure_task.output)
    components.deliver(page_html=draw_task.output, results=results)
