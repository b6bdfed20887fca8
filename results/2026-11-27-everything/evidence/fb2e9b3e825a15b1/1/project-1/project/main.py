"""Run the pipeline hello in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--greeting", default='hello')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    stages.greet(greeting=args.greeting, results=args.results)


if __name__ == "__main__":
    main()
