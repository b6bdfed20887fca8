"""The nodes of the pipeline hello, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.greet,
                inputs={"greeting": "params:greeting", "results": "params:results"},
                outputs=None,
                name="greet",
            ),
        ]
    )
