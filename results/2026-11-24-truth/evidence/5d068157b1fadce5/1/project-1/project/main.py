"""Run the pipeline items in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--nonce", default='none')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    gathered = stages.gather(seed=args.seed)
    listed = stages.enumerate_items(gathered=gathered)
    scores = [stages.score(item=item) for item in listed]
    stages.publish_scores(scores=scores, results=args.results)


if __name__ == "__main__":
    main()
