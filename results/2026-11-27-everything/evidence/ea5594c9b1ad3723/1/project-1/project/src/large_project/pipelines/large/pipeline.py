"""The nodes of the pipeline large, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.grow,
                inputs={"amount": "params:amount"},
                outputs="grown",
                name="grow",
            ),
            Node(
                func=nodes.show_large,
                inputs={"grown": "grown", "results": "params:results"},
                outputs=None,
                name="show_large",
            ),
        ]
    )
