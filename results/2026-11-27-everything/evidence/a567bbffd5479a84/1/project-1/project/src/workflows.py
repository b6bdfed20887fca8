"""The flow told."""

import argparse

from prefect import flow

from tasks import stages


@flow
def told(results: str, nonce: str = "000000000000", fails: bool = False) -> None:
    prepared = stages.prepare(nonce=nonce)
    measured = stages.measure(prepared=prepared, fails=fails)
    stages.report(measured=measured, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--nonce")
    parser.add_argument("--fails", action=argparse.BooleanOptionalAction)
    parser.add_argument("--results", required=True)
    told(**vars(parser.parse_args()))
