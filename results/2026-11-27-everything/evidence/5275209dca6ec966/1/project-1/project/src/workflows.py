"""The flow chain_5."""

import argparse

from prefect import flow

from tasks import stages


@flow
def chain_5(results: str, count: int = 0) -> None:
    count_1 = stages.step_1(count=count)
    count_2 = stages.step_2(count=count_1)
    count_3 = stages.step_3(count=count_2)
    count_4 = stages.step_4(count=count_3)
    stages.write(count=count_4, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--count", type=int)
    parser.add_argument("--results", required=True)
    chain_5(**vars(parser.parse_args()))
