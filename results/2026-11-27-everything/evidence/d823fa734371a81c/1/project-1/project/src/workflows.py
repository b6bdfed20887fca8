"""The flow reuse."""

import argparse

from prefect import flow

from tasks import stages


@flow
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--items")
    parser.add_argument("--amount", type=int)
    parser.add_argument("--label")
    parser.add_argument("--results", required=True)
    reuse(**vars(parser.parse_args()))
