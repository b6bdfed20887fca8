"""The flow alike."""

import argparse

from prefect import flow

from tasks import stages


@flow
def alike(results: str, label: str = "red") -> None:
    begun = stages.begin(label=label)
    finished = stages.finish(label=label)
    stages.show_alike(begun=begun, finished=finished, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--label")
    parser.add_argument("--results", required=True)
    alike(**vars(parser.parse_args()))
