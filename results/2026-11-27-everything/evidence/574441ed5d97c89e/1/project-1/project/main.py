"""Run the pipeline function in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--label", default='red')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    function = stages.make_function(label=args.label)
    applied = stages.apply(function=function)
    stages.show_applied(applied=applied, results=args.results)


if __name__ == "__main__":
    main()
