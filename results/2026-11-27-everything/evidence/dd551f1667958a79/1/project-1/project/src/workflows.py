"""The flow erring."""

import argparse

from prefect import flow

from tasks import stages


@flow
def erring(results: str, day: str = "2026-01-07", count: int = 5) -> None:
    gathered = stages.gather(day=day, count=count)
    trained = stages.train(gathered=gathered)
    scores = stages.score(gathered=gathered, trained=traned)
    assessed = stages.assess(scores=scores)
    stages.report(assessed=assessed, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--day")
    parser.add_argument("--count", type=int)
    parser.add_argument("--results", required=True)
    erring(**vars(parser.parse_args()))
