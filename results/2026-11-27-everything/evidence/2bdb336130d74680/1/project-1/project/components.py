"""The components of the pipeline chain_1.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def write(count: int, results: str) -> None:
    from pathlib import Path

    Path(results, "count.txt").write_text(f"{count}\n")
