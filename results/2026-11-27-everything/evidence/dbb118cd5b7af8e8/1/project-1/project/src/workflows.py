"""The flow gap."""

import argparse

from prefect import flow

from tasks import stages


@flow
def gap(results: str) -> None:
    document = stages.make_gap()
    stages.receive_gap(document=document, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--results", required=True)
    gap(**vars(parser.parse_args()))
