"""Run the pipeline chain in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--nonce", default='none')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    gathered = stages.gather(seed=args.seed)
    trained = stages.train(gathered=gathered)
    assessed = stages.assess(trained=trained)
    reported = stages.report(assessed=assessed)
    stages.publish(reported=reported, results=args.results)


if __name__ == "__main__":
    main()
