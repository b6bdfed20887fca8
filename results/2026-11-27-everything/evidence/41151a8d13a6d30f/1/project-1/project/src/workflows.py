"""The flow hostile."""

import argparse

from prefect import flow

from tasks import stages


@flow
def hostile(results: str) -> None:
    table = stages.make_table()
    document = stages.make_document()
    stages.receive(table=table, document=document, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--results", required=True)
    hostile(**vars(parser.parse_args()))
