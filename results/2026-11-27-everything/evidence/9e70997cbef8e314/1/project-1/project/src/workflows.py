"""The flow hello."""

import argparse

from prefect import flow

from tasks import stages


@flow
def hello(results: str, greeting: str = "hello") -> None:
    stages.greet(greeting=greeting, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--greeting")
    parser.add_argument("--results", required=True)
    hello(**vars(parser.parse_args()))
