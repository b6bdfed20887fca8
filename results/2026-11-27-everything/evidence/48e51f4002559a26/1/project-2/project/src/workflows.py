"""The workflow library."""

from flytekit import workflow

from tasks import stages


@workflow
def library(results: str, label: str = "red") -> None:
    painted = stages.paint(label=label)
    stages.show_painted(painted=painted, results=results)
