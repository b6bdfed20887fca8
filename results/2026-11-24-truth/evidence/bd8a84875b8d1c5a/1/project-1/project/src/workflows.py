"""The flow items."""

import argparse

from prefect import flow

from tasks import stages


@flow
def items(results: str, seed: int = 7, nonce: str = "none") -> None:
    gathered = stages.gather(seed=seed)
    listed = stages.enumerate_items(gathered=gathered)
    scores = stages.score.map(item=listed).result()
    stages.publish_scores(scores=scores, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--nonce")
    parser.add_argument("--results", required=True)
    items(**vars(parser.parse_args()))
