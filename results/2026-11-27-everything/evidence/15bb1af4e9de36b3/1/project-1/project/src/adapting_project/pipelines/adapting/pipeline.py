"""The nodes of the pipeline adapting, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.gather,
                inputs={"day": "params:day"},
                outputs="gathered",
                name="gather",
            ),
            Node(
                func=nodes.tidy,
                inputs={"gathered": "gathered"},
                outputs="tidied",
                name="tidy",
            ),
            Node(
                func=nodes.train,
                inputs={"gathered": "tidied"},
                outputs="trained",
                name="train",
            ),
            Node(
                func=nodes.score_all,
                inputs={"gathered": "tidied", "trained": "trained"},
                outputs="scores",
                name="score_all",
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
