"""Run the pipeline told in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nonce", default='000000000000')
    parser.add_argument("--fails", type=lambda text: text == "True", default=False)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    prepared = stages.prepare(nonce=args.nonce)
    measured = stages.measure(prepared=prepared, fails=args.fails)
    stages.report(measured=measured, results=args.results)


if __name__ == "__main__":
    main()
