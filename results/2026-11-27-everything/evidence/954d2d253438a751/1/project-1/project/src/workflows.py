"""The flow function."""

import argparse

from prefect import flow

from tasks import stages


@flow
def function(results: str, label: str = "red") -> None:
    function = stages.make_function(label=label)
    applied = stages.apply(function=function)
    stages.show_applied(applied=applied, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--label")
    parser.add_argument("--results", required=True)
    function(**vars(parser.parse_args()))
