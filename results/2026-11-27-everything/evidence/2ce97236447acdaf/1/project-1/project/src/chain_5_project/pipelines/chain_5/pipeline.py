"""The nodes of the pipeline chain_5, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.step_1,
                inputs={"count": "params:count"},
                outputs="count_1",
                name="step_1",
            ),
            Node(
                func=nodes.step_2,
                inputs={"count": "count_1"},
                outputs="count_2",
                name="step_2",
            ),
            Node(
                func=nodes.step_3,
                inputs={"count": "count_2"},
                outputs="count_3",
                name="step_3",
            ),
            Node(
                func=nodes.step_4,
                inputs={"count": "count_3"},
                outputs="count_4",
                name="step_4",
            ),
            Node(
                func=nodes.write,
                inputs={"count": "count_4", "results": "params:results"},
                outputs=None,
                name="write",
            ),
        ]
    )
