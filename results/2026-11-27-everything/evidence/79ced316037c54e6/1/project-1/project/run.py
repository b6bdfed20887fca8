"""Run the pipeline chain_retried on this machine."""

import argparse

from kfp import local

import pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--nonce", default="none")
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    local.init(runner=local.SubprocessRunner(use_venv=False), enable_caching=True)
    pipeline.chain_retried(**vars(args))


if __name__ == "__main__":
    main()
