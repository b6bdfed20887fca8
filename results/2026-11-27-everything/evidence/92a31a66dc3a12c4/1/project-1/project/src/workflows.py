"""The workflow hello."""

from flytekit import workflow

from tasks import stages


@workflow
def hello(results: str, greeting: str = "hello") -> None:
    stages.greet(greeting=greeting, results=results)
