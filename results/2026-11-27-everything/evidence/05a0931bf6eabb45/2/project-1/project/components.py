"""The components of the pipeline gap.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def make_gap() -> dict:
    return {"present": 1, "missing": None}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def receive_gap(document: dict, results: str) -> None:
    import json
    from pathlib import Path

    Path(results, "received.json").write_text(json.dumps(sorted(document)) + "\n")
