"""The workflow gap."""

from flytekit import workflow

from tasks import stages


@workflow
def gap(results: str) -> None:
    document = stages.make_gap()
    stages.receive_gap(document=document, results=results)
