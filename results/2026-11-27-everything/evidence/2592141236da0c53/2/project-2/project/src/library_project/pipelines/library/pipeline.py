"""The nodes of the pipeline library, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.paint,
                inputs={"label": "params:label"},
                outputs="painted",
                name="paint",
            ),
            Node(
                func=nodes.show_painted,
                inputs={"painted": "painted", "results": "params:results"},
                outputs=None,
                name="show_painted",
            ),
        ]
    )
