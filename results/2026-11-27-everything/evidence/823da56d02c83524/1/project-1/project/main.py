"""Run the pipeline branches in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nonce", default='000000000000')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    loaded = stages.load(nonce=args.nonce)
    parts = stages.split(loaded=loaded)
    cleaned = stages.clean(loaded=loaded)
    scores = [stages.score(part=item, cleaned=cleaned) for item in parts]
    fitted = stages.fit(cleaned=cleaned)
    joined = stages.join(scores=scores, fitted=fitted)
    stages.publish(joined=joined, results=args.results)


if __name__ == "__main__":
    main()
