"""The nodes of the pipeline branches, and how data flows between them."""

from kedro.pipeline import Node, Pipeline

from . import nodes


def map_score(parts, cleaned):
    """Call score for each of the parts."""
    return [nodes.score(part=part, cleaned=cleaned) for part in parts]


def create_pipeline(**kwargs) -> Pipeline:
    return Pipeline(
        [
            Node(
                func=nodes.load,
                inputs={"nonce": "params:nonce"},
                outputs="loaded",
                name="load",
            ),
            Node(
                func=nodes.split,
                inputs={"loaded": "loaded"},
                outputs="parts",
                name="split",
            ),
            Node(
                func=nodes.clean,
                inputs={"loaded": "loaded"},
                outputs="cleaned",
                name="clean",
            ),
            Node(
                func=map_score,
                inputs={"parts": "parts", "cleaned": "cleaned"},
                outputs="scores",
                name="score",
            ),
            Node(
                func=nodes.fit,
                inputs={"cleaned": "cleaned"},
                outputs="fitted",
                name="fit",
            ),
            Node(
                func=nodes.join,
                inputs={"scores": "scores", "fitted": "fitted"},
                outputs="joined",
                name="join",
            ),
            Node(
                func=nodes.publish,
                inputs={"joined": "joined", "results": "params:results"},
                outputs=None,
                name="publish",
            ),
        ]
    )
