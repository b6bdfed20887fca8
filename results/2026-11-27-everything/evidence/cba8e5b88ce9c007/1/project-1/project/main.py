"""Run the pipeline large in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--amount", type=int, default=3)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    grown = stages.grow(amount=args.amount)
    stages.show_large(grown=grown, results=args.results)


if __name__ == "__main__":
    main()
