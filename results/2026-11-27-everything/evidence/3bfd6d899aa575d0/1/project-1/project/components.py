"""The components of the pipeline alike.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def begin(label: str) -> dict:
    return {"text": f"{label} begins"}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def finish(label: str) -> dict:
    return {"text": f"{label} ends"}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show_alike(begun: dict, finished: dict, results: str) -> None:
    import json
    from pathlib import Path

    shown = {"begun": begun, "finished": finished}
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")
