"""The workflow parts."""

from flytekit import workflow

from tasks import stages


@workflow
def parts(
    results: str, seed: int = 7, nonce: str = "none", store: str = "parts"
) -> None:
    gathered = stages.gather(seed=seed)
    written = stages.write_parts(gathered=gathered, store=store)
    reported = stages.read_parts(written=written, store=store)
    stages.publish(reported=reported, results=results)
