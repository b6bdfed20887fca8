"""Run the pipeline chain_1 in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    stages.write(count=args.count, results=args.results)


if __name__ == "__main__":
    main()
