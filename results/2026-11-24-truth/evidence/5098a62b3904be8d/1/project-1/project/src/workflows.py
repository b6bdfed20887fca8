"""The flow table."""

import argparse

from prefect import flow

from tasks import stages


@flow
def table(results: str, seed: int = 7, nonce: str = "none") -> None:
    gathered = stages.gather(seed=seed)
    built = stages.build(gathered=gathered)
    reported = stages.condense(built=built)
    stages.publish(reported=reported, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--nonce")
    parser.add_argument("--results", required=True)
    table(**vars(parser.parse_args()))
