"""The nodes of the pipeline items, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def map_score(listed):
    """Call score for each of the listed."""
    return [nodes.score(item=item) for item in listed]


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
                func=nodes.enumerate_items,
                inputs={"gathered": "gathered"},
                outputs="listed",
                name="enumerate_items",
            ),
            Node(
                func=map_score,
                inputs={"listed": "listed"},
                outputs="scores",
                name="score",
            ),
            Node(
                func=nodes.publish_scores,
                inputs={"scores": "scores", "results": "params:results"},
                outputs=None,
                name="publish_scores",
            ),
        ]
    )
