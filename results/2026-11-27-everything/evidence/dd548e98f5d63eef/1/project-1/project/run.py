"""Run the pipeline told on this machine."""

import argparse

from kfp import local

import pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nonce", default="000000000000")
    parser.add_argument("--fails", action=argparse.BooleanOptionalAction, default=False)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    local.init(runner=local.SubprocessRunner(use_venv=False))
    pipeline.told(**vars(args))


if __name__ == "__main__":
    main()
