"""Run the pipeline gap in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    document = stages.make_gap()
    stages.receive_gap(document=document, results=args.results)


if __name__ == "__main__":
    main()
