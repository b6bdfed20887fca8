"""The workflow erring."""

from flytekit import workflow

from tasks import stages


@workflow
def erring(results: str, day: str = "2026-01-07", count: int = 5) -> None:
    gathered = stages.gather(day=day, count=count)
    trained = stages.train(gathered=gathered)
    scores = stages.score(gathered=gathered, trained=trained)
    assessed = stages.assess(scores=scores)
    stages.report(assessed=assessed, results=results)
