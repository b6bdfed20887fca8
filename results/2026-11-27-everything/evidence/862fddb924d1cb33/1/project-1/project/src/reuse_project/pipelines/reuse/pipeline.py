"""The nodes of the pipeline reuse, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.read_numbers,
                inputs={"items": "params:items"},
                outputs="numbers",
                name="read_numbers",
            ),
            Node(
                func=nodes.entitle,
                inputs={"label": "params:label"},
                outputs="title",
                name="entitle",
            ),
            Node(
                func=nodes.scale,
                inputs={"numbers": "numbers", "amount": "params:amount"},
                outputs="scaled",
                name="scale",
            ),
            Node(
                func=nodes.summarise,
                inputs={"scaled": "scaled"},
                outputs="summary",
                name="summarise",
            ),
            Node(
                func=nodes.show,
                inputs={
                    "numbers": "numbers",
                    "scaled": "scaled",
                    "summary": "summary",
                    "title": "title",
                    "results": "params:results",
                },
                outputs=None,
                name="show",
            ),
        ]
    )
