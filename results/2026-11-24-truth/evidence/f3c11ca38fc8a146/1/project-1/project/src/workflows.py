"""The flow parts."""

import argparse

from prefect import flow

from tasks import stages


@flow
def parts(
    results: str, seed: int = 7, nonce: str = "none", store: str = "parts"
) -> None:
    gathered = stages.gather(seed=seed)
    written = stages.write_parts(gathered=gathered, store=store)
    reported = stages.read_parts(written=written, store=store)
    stages.publish(reported=reported, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--nonce")
    parser.add_argument("--store")
    parser.add_argument("--results", required=True)
    parts(**vars(parser.parse_args()))
