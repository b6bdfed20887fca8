"""The workflow large."""

from flytekit import workflow

from tasks import stages


@workflow
def large(results: str, amount: int = 3) -> None:
    grown = stages.grow(amount=amount)
    stages.show_large(grown=grown, results=results)
