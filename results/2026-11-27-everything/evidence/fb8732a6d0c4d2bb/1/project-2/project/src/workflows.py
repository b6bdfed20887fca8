"""The flow values."""

import argparse

from prefect import flow

from tasks import stages


@flow
def values(results: str, items: str = "items.csv", label: str = "red") -> None:
    table = stages.make_table(items=items)
    document = stages.make_document(label=label)
    described = stages.describe(table=table)
    spelled = stages.spell(document=document)
    stages.show_values(described=described, spelled=spelled, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--items")
    parser.add_argument("--label")
    parser.add_argument("--results", required=True)
    values(**vars(parser.parse_args()))
