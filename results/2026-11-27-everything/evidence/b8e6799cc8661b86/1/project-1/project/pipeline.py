"""The pipeline hostile: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="hostile")
def hostile(results: str) -> None:
    make_table_task = components.make_table()
    make_document_task = components.make_document()
    components.receive(
        table_dataset=make_table_task.output,
        document=make_document_task.output,
        results=results,
    )
