"""The workflow metadata."""

from flytekit import workflow

from tasks import stages


@workflow
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
