"""Run the pipeline library in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--label", default='red')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    painted = stages.paint(label=args.label)
    stages.show_painted(painted=painted, results=args.results)


if __name__ == "__main__":
    main()
