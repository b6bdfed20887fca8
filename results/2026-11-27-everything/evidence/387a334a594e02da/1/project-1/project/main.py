"""Run the pipeline expiring in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--label", default='red')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    begun = stages.begin(label=args.label)
    stages.show_begun(begun=begun, results=args.results)


if __name__ == "__main__":
    main()
