"""The workflow adapting."""

from flytekit import workflow

from tasks import stages


@workflow
def adapting(results: str, day: str = "2026-01-07") -> None:
    gathered = stages.gather(day=day)
    trained = stages.train(gathered=gathered)
    scores = stages.score_all(gathered=gathered, trained=trained)
    assessed = stages.assess(scores=scores)
    stages.report(assessed=assessed, results=results)
