"""The flow chain_1."""

import argparse

from prefect import flow

from tasks import stages


@flow
def chain_1(results: str, count: int = 0) -> None:
    stages.write(count=count, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--count", type=int)
    parser.add_argument("--results", required=True)
    chain_1(**vars(parser.parse_args()))
