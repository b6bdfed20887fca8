"""The workflow chain_1."""

from flytekit import workflow

from tasks import stages


@workflow
def chain_1(results: str, count: int = 0) -> None:
    stages.write(count=count, results=results)
