"""The nodes of the pipeline erring, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.gather,
                inputs={"day": "params:day", "count": "params:count"},
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
                func=nodes.score,
                inputs={"gathered": "gathered", "trained": "trained"},
                outputs="scores",
                name="score",
            ),
            Node(
                func=nodes.assess,
                inputs={"scores": "scores"},
                outputs="assessed",
                name="assess",
            ),
            Node(
                func=nodes.report,
                inputs={"assessed": "assessed", "results": "params:results"},
                outputs=None,
                name="report",
            ),
        ]
    )
