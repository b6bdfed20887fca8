"""The workflow reuse."""

from flytekit import workflow

from tasks import stages


@workflow
def reuse(
    results: str, items: str = "items.csv", amount: int = 3, label: str = "red"
) -> None:
    numbers = stages.read_numbers(items=items)
    title = stages.entitle(label=label)
    scaled = stages.scale(numbers=numbers, amount=amount)
    summary = stages.summarise(scaled=scaled)
    stages.show(
        numbers=numbers, scaled=scaled, summary=summary, title=title, results=results
    )
