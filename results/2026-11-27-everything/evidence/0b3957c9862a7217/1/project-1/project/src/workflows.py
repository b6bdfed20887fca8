"""The workflow hostile."""

from flytekit import workflow

from tasks import stages


@workflow
def hostile(results: str) -> None:
    table = stages.make_table()
    document = stages.make_document()
    stages.receive(table=table, document=document, results=results)
