"""Run the pipeline fanout on this machine."""

import argparse

from kfp import local

import pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flights", default="flights.csv")
    parser.add_argument("--weather", default="weather.csv")
    parser.add_argument("--planes", default="planes.csv")
    parser.add_argument("--airports", default="airports.csv")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    local.init(runner=local.SubprocessRunner(use_venv=False))
    pipeline.fanout(**vars(args))


if __name__ == "__main__":
    main()
