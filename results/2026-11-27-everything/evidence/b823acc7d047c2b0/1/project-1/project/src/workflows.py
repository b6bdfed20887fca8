"""The flow idle."""

import argparse

from prefect import flow

from tasks import stages


@flow
def idle(results: str, count: int = 0) -> None:
    count_1 = stages.step_1(count=count)
    count_2 = stages.step_2(count=count_1)
    count_3 = stages.step_3(count=count_2)
    count_4 = stages.step_4(count=count_3)
    count_5 = stages.step_5(count=count_4)
    count_6 = stages.step_6(count=count_5)
    count_7 = stages.step_7(count=count_6)
    count_8 = stages.step_8(count=count_7)
    count_9 = stages.step_9(count=count_8)
    count_10 = stages.step_10(count=count_9)
    stages.write(count=count_10, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--count", type=int)
    parser.add_argument("--results", required=True)
    idle(**vars(parser.parse_args()))
