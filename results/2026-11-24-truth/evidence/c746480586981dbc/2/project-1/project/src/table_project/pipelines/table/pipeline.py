"""The nodes of the pipeline table, and how data flows between them."""

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
                func=nodes.build,
                inputs={"gathered": "gathered"},
                outputs="built",
                name="build",
            ),
            Node(
                func=nodes.condense,
                inputs={"built": "built"},
                outputs="reported",
                name="condense",
            ),
            Node(
                func=nodes.publish,
                inputs={"reported": "reported", "results": "params:results"},
                outputs=None,
                name="publish",
            ),
        ]
    )
