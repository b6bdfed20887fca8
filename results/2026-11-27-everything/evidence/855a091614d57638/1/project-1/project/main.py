"""Run the pipeline adapting in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day", default='2026-01-07')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    gathered = stages.gather(day=args.day)
    trained = stages.train(gathered=gathered)
    scores = stages.score_all(gathered=gathered, trained=trained)
    assessed = stages.assess(scores=scores)
    stages.report(assessed=assessed, results=args.results)


if __name__ == "__main__":
    main()
