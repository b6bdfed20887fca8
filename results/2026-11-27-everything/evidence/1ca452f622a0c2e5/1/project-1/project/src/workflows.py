"""The flow fanned."""

import argparse

from prefect import flow

from tasks import stages


@flow
def fanned(results: str, nonce: str = "000000", count: int = 20) -> None:
    numbers = stages.count_off(count=count)
    squares = stages.square.map(number=numbers).result()
    stages.gather(squares=squares, nonce=nonce, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--nonce")
    parser.add_argument("--count", type=int)
    parser.add_argument("--results", required=True)
    fanned(**vars(parser.parse_args()))
