"""The nodes of the pipeline parts, and how data flows between them."""

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
                func=nodes.write_parts,
                inputs={"gathered": "gathered", "store": "params:store"},
                outputs="written",
                name="write_parts",
            ),
            Node(
                func=nodes.read_parts,
                inputs={"written": "written", "store": "params:store"},
                outputs="reported",
                name="read_parts",
            ),
            Node(
                func=nodes.publish,
                inputs={"reported": "reported", "results": "params:results"},
                outputs=None,
                name="publish",
            ),
        ]
    )
