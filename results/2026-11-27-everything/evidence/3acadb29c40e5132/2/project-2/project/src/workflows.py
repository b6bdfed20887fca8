"""The flow library."""

import argparse

from prefect import flow

from tasks import stages


@flow
def library(results: str, label: str = "red") -> None:
    painted = stages.paint(label=label)
    stages.show_painted(painted=painted, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--label")
    parser.add_argument("--results", required=True)
    library(**vars(parser.parse_args()))
