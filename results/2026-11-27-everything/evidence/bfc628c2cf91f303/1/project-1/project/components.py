"""The components of the pipeline idle.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_1(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_2(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_3(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_4(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_5(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_6(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_7(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_8(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_9(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def step_10(count: int) -> int:
    return count + 1


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def write(count: int, results: str) -> None:
    from pathlib import Path

    Path(results, "count.txt").write_text(f"{count}\n")
