"""The components of the pipeline branches.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def load(nonce: str) -> dict[str, str]:
    return {"nonce": nonce}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def split(loaded: dict[str, str]) -> list[str]:
    return [f"{loaded['nonce']}-{part}" for part in range(3)]


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def clean(loaded: dict[str, str]) -> str:
    return f"clean {loaded['nonce']}"


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def score(part: str, cleaned: str) -> dict[str, str]:
    return {"scored": f"{part} of {cleaned}"}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def fit(cleaned: str) -> dict[str, str]:
    return {"fitted": f"fit to {cleaned}"}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def join(scores: list[dict[str, str]], fitted: dict[str, str]) -> dict[str, str]:
    return {"joined": f"{len(scores)} scores, {fitted['fitted']}"}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def publish(joined: dict[str, str], results: str) -> None:
    from pathlib import Path

    Path(results, "joined.txt").write_text(joined["joined"])
