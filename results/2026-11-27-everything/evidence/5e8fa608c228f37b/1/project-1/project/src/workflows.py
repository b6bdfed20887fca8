"""The flow large."""

import argparse

from prefect import flow

from tasks import stages


@flow
def large(results: str, amount: int = 3) -> None:
    grown = stages.grow(amount=amount)
    stages.show_large(grown=grown, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--amount", type=int)
    parser.add_argument("--results", required=True)
    large(**vars(parser.parse_args()))
