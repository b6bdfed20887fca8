"""The flow paged."""

import argparse

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from tasks import stages


@flow
def paged(results: str, nonce: str = "000000000000", fails: bool = False) -> None:
    prepared = stages.prepare(nonce=nonce)
    measured = stages.measure(prepared=prepared, fails=fails)
    page = stages.draw(measured=measured)
    create_markdown_artifact(markdown=page, key="draw")
    stages.deliver(page=page, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--nonce")
    parser.add_argument("--fails", action=argparse.BooleanOptionalAction)
    parser.add_argument("--results", required=True)
    paged(**vars(parser.parse_args()))
