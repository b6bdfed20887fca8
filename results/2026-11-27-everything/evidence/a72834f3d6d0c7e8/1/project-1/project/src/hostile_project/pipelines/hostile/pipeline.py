"""The nodes of the pipeline hostile, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.make_table,
                inputs=None,
                outputs="table",
                name="make_table",
            ),
            Node(
                func=nodes.make_document,
                inputs=None,
                outputs="document",
                name="make_document",
            ),
            Node(
                func=nodes.receive,
                inputs={
                    "table": "table",
                    "document": "document",
                    "results": "params:results",
                },
                outputs=None,
                name="receive",
            ),
        ]
    )
