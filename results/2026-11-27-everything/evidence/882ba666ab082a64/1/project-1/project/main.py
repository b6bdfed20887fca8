"""Run the pipeline erring in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day", default='2026-01-07')
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    gathered = stages.gather(day=args.day, count=args.count)
    trained = stages.train(gathered=gathered)
    scores = stages.score(gathered=gathered, trained=trained)
    assessed = stages.assess(scores=scores)
    stages.report(assessed=assessed, results=args.results)


if __name__ == "__main__":
    main()
