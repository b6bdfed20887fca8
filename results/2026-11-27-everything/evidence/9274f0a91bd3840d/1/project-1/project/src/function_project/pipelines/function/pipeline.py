"""The nodes of the pipeline function, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.make_function,
                inputs={"label": "params:label"},
                outputs="function",
                name="make_function",
            ),
            Node(
                func=nodes.apply,
                inputs={"function": "function"},
                outputs="applied",
                name="apply",
            ),
            Node(
                func=nodes.show_applied,
                inputs={"applied": "applied", "results": "params:results"},
                outputs=None,
                name="show_applied",
            ),
        ]
    )
