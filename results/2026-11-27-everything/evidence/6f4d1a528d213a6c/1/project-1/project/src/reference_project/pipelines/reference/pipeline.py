"""The nodes of the pipeline reference, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.process_raw_data,
                inputs={
                    "flights": "params:flights",
                    "weather": "params:weather",
                    "planes": "params:planes",
                    "airports": "params:airports",
                },
                outputs="primary",
                name="process_raw_data",
            ),
            Node(
                func=nodes.generate_model_input,
                inputs={"primary": "primary", "seed": "params:seed"},
                outputs=["train", "valid", "test"],
                name="generate_model_input",
            ),
            Node(
                func=nodes.train_model,
                inputs={"train": "train", "seed": "params:seed"},
                outputs="model",
                name="train_model",
            ),
            Node(
                func=nodes.generate_model_output,
                inputs={"model": "model", "valid": "valid"},
                outputs="scored",
                name="generate_model_output",
            ),
            Node(
                func=nodes.evaluate,
                inputs={"scored": "scored"},
                outputs="metrics",
                name="evaluate",
            ),
            Node(
                func=nodes.reporting,
                inputs={
                    "metrics": "metrics",
                    "scored": "scored",
                    "results": "params:results",
                },
                outputs=None,
                name="reporting",
            ),
        ]
    )
