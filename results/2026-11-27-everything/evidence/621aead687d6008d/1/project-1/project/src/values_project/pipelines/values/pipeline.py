"""The nodes of the pipeline values, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.make_table,
                inputs={"items": "params:items"},
                outputs="table",
                name="make_table",
            ),
            Node(
                func=nodes.make_document,
                inputs={"label": "params:label"},
                outputs="document",
                name="make_document",
            ),
            Node(
                func=nodes.describe,
                inputs={"table": "table"},
                outputs="described",
                name="describe",
            ),
            Node(
                func=nodes.spell,
                inputs={"document": "document"},
                outputs="spelled",
                name="spell",
            ),
            Node(
                func=nodes.show_values,
                inputs={
                    "described": "described",
                    "spelled": "spelled",
                    "results": "params:results",
                },
                outputs=None,
                name="show_values",
            ),
        ]
    )
