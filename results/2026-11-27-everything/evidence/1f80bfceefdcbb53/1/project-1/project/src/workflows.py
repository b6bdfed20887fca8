"""The flow adapting."""

import argparse

from prefect import flow

from tasks import stages


@flow
def adapting(results: str, day: str = "2026-01-07") -> None:
    gathered = stages.gather(day=day)
    trained = stages.train(gathered=gathered)
    scores = stages.score_all(gathered=gathered, trained=trained)
    assessed = stages.assess(scores=scores)
    if assessed > 5:
        stages.report(assessed=assessed, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--day")
    parser.add_argument("--results", required=True)
    adapting(**vars(parser.parse_args()))
