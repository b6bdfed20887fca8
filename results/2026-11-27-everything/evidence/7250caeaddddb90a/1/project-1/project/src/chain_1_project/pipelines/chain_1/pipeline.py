"""The nodes of the pipeline chain_1, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.write,
                inputs={"count": "params:count", "results": "params:results"},
                outputs=None,
                name="write",
            ),
        ]
    )
