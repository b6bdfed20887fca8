"""The nodes of the pipeline fanout, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def map_score_segment(segments, model, valid):
    """Call score_segment for each of the segments."""
    return [
        nodes.score_segment(segment=segment, model=model, valid=valid)
        for segment in segments
    ]


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
                func=nodes.list_carriers,
                inputs={"valid": "valid"},
                outputs="segments",
                name="list_carriers",
            ),
            Node(
                func=map_score_segment,
                inputs={"segments": "segments", "model": "model", "valid": "valid"},
                outputs="scores",
                name="score_segment",
            ),
            Node(
                func=nodes.summarise,
                inputs={"scores": "scores", "results": "params:results"},
                outputs=None,
                name="summarise",
            ),
        ]
    )
