"""Run the pipeline metadata in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nonce", default='000000')
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--fails", default='never')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    table = stages.make_table(seed=args.seed)
    labelled = stages.label(table=table, nonce=args.nonce)
    description = stages.describe(seed=args.seed)
    model = stages.fit(labelled=labelled)
    metrics = stages.measure(model=model, labelled=labelled, nonce=args.nonce)
    approved = stages.approve(metrics=metrics, fails=args.fails, results=args.results)
    stages.report(labelled=labelled, description=description, model=model, approved=approved, results=args.results)


if __name__ == "__main__":
    main()
