"""Run the pipeline hello on this machine."""

import argparse

from kfp import local

import pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--greeting", default="hello")
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    local.init(runner=local.SubprocessRunner(use_venv=False))
    pipeline.hello(**vars(args))


if __name__ == "__main__":
    main()
