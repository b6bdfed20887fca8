"""The workflow told."""

from flytekit import workflow

from tasks import stages


@workflow
def told(results: str, nonce: str = "000000000000", fails: bool = False) -> None:
    prepared = stages.prepare(nonce=nonce)
    measured = stages.measure(prepared=prepared, fails=fails)
    stages.report(measured=measured, results=results)
