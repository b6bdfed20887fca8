"""The components of the pipeline library.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def paint(label: str) -> dict:
    import paintbox

    return {"colour": paintbox.mixed(label)}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show_painted(painted: dict, results: str) -> None:
    import json
    from pathlib import Path

    Path(results, "shown.json").write_text(json.dumps(painted, indent=1, sort_keys=True) + "\n")
