"""The pipeline chain_1: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="chain-1")
def chain_1(results: str, count: int = 0) -> None:
    components.write(count=count, results=results)
