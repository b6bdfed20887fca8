"""The nodes of the pipeline metadata, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.make_table,
                inputs={"seed": "params:seed"},
                outputs="table",
                name="make_table",
            ),
            Node(
                func=nodes.label,
                inputs={"table": "table", "nonce": "params:nonce"},
                outputs="labelled",
                name="label",
            ),
            Node(
                func=nodes.describe,
                inputs={"seed": "params:seed"},
                outputs="description",
                name="describe",
            ),
            Node(
                func=nodes.fit,
                inputs={"labelled": "labelled"},
                outputs="model",
                name="fit",
            ),
            Node(
                func=nodes.measure,
                inputs={
                    "model": "model",
                    "labelled": "labelled",
                    "nonce": "params:nonce",
                },
                outputs="metrics",
                name="measure",
            ),
            Node(
                func=nodes.approve,
                inputs={
                    "metrics": "metrics",
                    "fails": "params:fails",
                    "results": "params:results",
                },
                outputs="approved",
                name="approve",
            ),
            Node(
                func=nodes.report,
                inputs={
                    "labelled": "labelled",
                    "description": "description",
                    "model": "model",
                    "approved": "approved",
                    "results": "params:results",
                },
                outputs=None,
                name="report",
            ),
        ]
    )
