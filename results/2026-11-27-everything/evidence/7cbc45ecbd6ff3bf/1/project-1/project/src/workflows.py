"""The flow chain_retried."""

import argparse

from prefect import flow

from tasks import stages


@flow
def chain_retried(results: str, seed: int = 7, nonce: str = "none") -> None:
    gathered = stages.gather(seed=seed)
    trained = stages.train(gathered=gathered)
    assessed = stages.assess(trained=trained)
    reported = stages.report(assessed=assessed)
    stages.publish(reported=reported, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--nonce")
    parser.add_argument("--results", required=True)
    chain_retried(**vars(parser.parse_args()))
