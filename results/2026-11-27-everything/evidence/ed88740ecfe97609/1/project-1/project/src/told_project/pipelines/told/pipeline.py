"""The nodes of the pipeline told, and how data flows between them."""

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
                func=nodes.report,
                inputs={"measured": "measured", "results": "params:results"},
                outputs=None,
                name="report",
            ),
        ]
    )
