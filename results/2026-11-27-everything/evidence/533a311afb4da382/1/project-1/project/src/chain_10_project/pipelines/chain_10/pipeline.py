"""The nodes of the pipeline chain_10, and how data flows between them."""

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
                func=nodes.step_5,
                inputs={"count": "count_4"},
                outputs="count_5",
                name="step_5",
            ),
            Node(
                func=nodes.step_6,
                inputs={"count": "count_5"},
                outputs="count_6",
                name="step_6",
            ),
            Node(
                func=nodes.step_7,
                inputs={"count": "count_6"},
                outputs="count_7",
                name="step_7",
            ),
            Node(
                func=nodes.step_8,
                inputs={"count": "count_7"},
                outputs="count_8",
                name="step_8",
            ),
            Node(
                func=nodes.step_9,
                inputs={"count": "count_8"},
                outputs="count_9",
                name="step_9",
            ),
            Node(
                func=nodes.write,
                inputs={"count": "count_9", "results": "params:results"},
                outputs=None,
                name="write",
            ),
        ]
    )
