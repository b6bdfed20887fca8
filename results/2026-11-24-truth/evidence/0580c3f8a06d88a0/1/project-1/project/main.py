"""Run the pipeline parts in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--nonce", default='none')
    parser.add_argument("--store", default='parts')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    gathered = stages.gather(seed=args.seed)
    written = stages.write_parts(gathered=gathered, store=args.store)
    reported = stages.read_parts(written=written, store=args.store)
    stages.publish(reported=reported, results=args.results)


if __name__ == "__main__":
    main()
