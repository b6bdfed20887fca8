"""The flow note."""

import argparse

from prefect import flow

from tasks import stages


@flow
def note(results: str, nonce: str = "000000") -> None:
    stages.note(nonce=nonce, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--nonce")
    parser.add_argument("--results", required=True)
    note(**vars(parser.parse_args()))
