"""The workflow alike."""

from flytekit import workflow

from tasks import stages


@workflow
def alike(results: str, label: str = "red") -> None:
    begun = stages.begin(label=label)
    finished = stages.finish(label=label)
    stages.show_alike(begun=begun, finished=finished, results=results)
