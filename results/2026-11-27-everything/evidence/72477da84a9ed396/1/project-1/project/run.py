"""Run the pipeline metadata on this machine."""

import argparse

from kfp import local

import pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nonce", default="000000")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--fails", default="never")
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    local.init(runner=local.SubprocessRunner(use_venv=False), enable_caching=True)
    pipeline.metadata(**vars(args))


if __name__ == "__main__":
    main()
