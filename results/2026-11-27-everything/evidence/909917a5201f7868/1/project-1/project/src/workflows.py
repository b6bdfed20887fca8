"""The workflow function."""

from flytekit import workflow

from tasks import stages


@workflow
def function(results: str, label: str = "red") -> None:
    function = stages.make_function(label=label)
    applied = stages.apply(function=function)
    stages.show_applied(applied=applied, results=results)
