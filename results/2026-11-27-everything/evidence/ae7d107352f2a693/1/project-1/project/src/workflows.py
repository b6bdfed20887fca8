"""The workflow paged."""

from flytekit import workflow

from tasks import stages


@workflow
def paged(results: str, nonce: str = "000000000000", fails: bool = False) -> None:
    prepared = stages.prepare(nonce=nonce)
    measured = stages.measure(prepared=prepared, fails=fails)
    page = stages.draw(measured=measured)
    stages.deliver(page=page, results=results)
