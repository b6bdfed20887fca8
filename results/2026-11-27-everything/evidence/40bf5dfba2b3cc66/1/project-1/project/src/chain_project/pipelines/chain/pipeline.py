"""The nodes of the pipeline chain, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.gather,
                inputs={"seed": "params:seed"},
                outputs="gathered",
                name="gather",
            ),
            Node(
                func=nodes.train,
                inputs={"gathered": "gathered"},
                outputs="trained",
                name="train",
            ),
            Node(
                func=nodes.assess,
                inputs={"trained": "trained"},
                outputs="assessed",
                name="assess",
            ),
            Node(
                func=nodes.report,
                inputs={"assessed": "assessed"},
                outputs="reported",
                name="report",
            ),
            Node(
                func=nodes.publish,
                inputs={"reported": "reported", "results": "params:results"},
                outputs=None,
                name="publish",
            ),
        ]
    )
