"""The components of the pipeline hello.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def greet(greeting: str, results: str) -> None:
    from pathlib import Path

    Path(results, "hello.txt").write_text(f"{greeting}\n")
