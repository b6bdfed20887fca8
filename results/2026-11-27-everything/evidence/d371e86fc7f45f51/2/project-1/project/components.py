"""The components of the pipeline function.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl
from kfp.dsl import Input, Model, Output


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def make_function(label: str, function_artifact: Output[Model]) -> None:
    import joblib

    function = lambda text: f"{label} {text}"

    joblib.dump(function, function_artifact.path)


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, embedded_artifact_path="shared"
)
def apply(function_artifact: Input[Model]) -> dict:
    import joblib

    function = joblib.load(function_artifact.path)

    return {"text": function("sky")}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show_applied(applied: dict, results: str) -> None:
    import json
    from pathlib import Path

    Path(results, "shown.json").write_text(json.dumps(applied, indent=1, sort_keys=True) + "\n")
