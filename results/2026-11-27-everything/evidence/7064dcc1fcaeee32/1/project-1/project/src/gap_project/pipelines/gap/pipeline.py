"""The nodes of the pipeline gap, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.make_gap,
                inputs=None,
                outputs="document",
                name="make_gap",
            ),
            Node(
                func=nodes.receive_gap,
                inputs={"document": "document", "results": "params:results"},
                outputs=None,
                name="receive_gap",
            ),
        ]
    )
