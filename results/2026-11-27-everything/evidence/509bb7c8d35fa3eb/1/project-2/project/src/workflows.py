"""The workflow values."""

from flytekit import workflow

from tasks import stages


@workflow
def values(results: str, items: str = "items.csv", label: str = "red") -> None:
    table = stages.make_table(items=items)
    document = stages.make_document(label=label)
    described = stages.describe(table=table)
    spelled = stages.spell(document=document)
    stages.show_values(described=described, spelled=spelled, results=results)
