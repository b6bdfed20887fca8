"""The flow branches."""

import argparse

from prefect import flow, unmapped

from tasks import stages


@flow
def branches(results: str, nonce: str = "000000000000") -> None:
    loaded = stages.load(nonce=nonce)
    parts = stages.split(loaded=loaded)
    cleaned = stages.clean(loaded=loaded)
    scores = stages.score.map(part=parts, cleaned=unmapped(cleaned)).result()
    fitted = stages.fit(cleaned=cleaned)
    joined = stages.join(scores=scores, fitted=fitted)
    stages.publish(joined=joined, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--nonce")
    parser.add_argument("--results", required=True)
    branches(**vars(parser.parse_args()))
