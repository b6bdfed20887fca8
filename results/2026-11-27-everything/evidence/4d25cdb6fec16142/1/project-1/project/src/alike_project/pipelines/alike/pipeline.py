"""The nodes of the pipeline alike, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.begin,
                inputs={"label": "params:label"},
                outputs="begun",
                name="begin",
            ),
            Node(
                func=nodes.finish,
                inputs={"label": "params:label"},
                outputs="finished",
                name="finish",
            ),
            Node(
                func=nodes.show_alike,
                inputs={
                    "begun": "begun",
                    "finished": "finished",
                    "results": "params:results",
                },
                outputs=None,
                name="show_alike",
            ),
        ]
    )
