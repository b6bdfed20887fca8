"""The pipeline hello: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="hello")
def hello(results: str, greeting: str = "hello") -> None:
    components.greet(greeting=greeting, results=results)
