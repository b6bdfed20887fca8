"""The flow expiring."""

import argparse

from prefect import flow

from tasks import stages


@flow
def expiring(results: str, label: str = "red") -> None:
    begun = stages.begin(label=label)
    stages.show_begun(begun=begun, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--label")
    parser.add_argument("--results", required=True)
    expiring(**vars(parser.parse_args()))
