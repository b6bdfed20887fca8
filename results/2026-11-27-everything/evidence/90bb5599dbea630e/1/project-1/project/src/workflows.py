"""The workflow chain_5."""

from flytekit import workflow

from tasks import stages


@workflow
def chain_5(results: str, count: int = 0) -> None:
    count_1 = stages.step_1(count=count)
    count_2 = stages.step_2(count=count_1)
    count_3 = stages.step_3(count=count_2)
    count_4 = stages.step_4(count=count_3)
    stages.write(count=count_4, results=results)
