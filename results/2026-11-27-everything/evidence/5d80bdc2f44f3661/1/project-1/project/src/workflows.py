"""The flow metadata."""

import argparse

from prefect import flow

from tasks import stages


@flow
def metadata(
    results: str, nonce: str = "000000", seed: int = 11, fails: str = "never"
) -> None:
    table = stages.make_table(seed=seed)
    labelled = stages.label(table=table, nonce=nonce)
    description = stages.describe(seed=seed)
    model = stages.fit(labelled=labelled)
    metrics = stages.measure(model=model, labelled=labelled, nonce=nonce)
    approved = stages.approve(metrics=metrics, fails=fails, results=results)
    stages.report(
        labelled=labelled,
        description=description,
        model=model,
        approved=approved,
        results=results,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--nonce")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--fails")
    parser.add_argument("--results", required=True)
    metadata(**vars(parser.parse_args()))
