"""The nodes of the pipeline paged, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.prepare,
                inputs={"nonce": "params:nonce"},
                outputs="prepared",
                name="prepare",
            ),
            Node(
                func=nodes.measure,
                inputs={"prepared": "prepared", "fails": "params:fails"},
                outputs="measured",
                name="measure",
            ),
            Node(
                func=nodes.draw,
                inputs={"measured": "measured"},
                outputs="page",
                name="draw",
            ),
            Node(
                func=nodes.deliver,
                inputs={"page": "page", "results": "params:results"},
                outputs=None,
                name="deliver",
            ),
        ]
    )
