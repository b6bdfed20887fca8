"""Run the pipeline idle in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    count_1 = stages.step_1(count=args.count)
    count_2 = stages.step_2(count=count_1)
    count_3 = stages.step_3(count=count_2)
    count_4 = stages.step_4(count=count_3)
    count_5 = stages.step_5(count=count_4)
    count_6 = stages.step_6(count=count_5)
    count_7 = stages.step_7(count=count_6)
    count_8 = stages.step_8(count=count_7)
    count_9 = stages.step_9(count=count_8)
    count_10 = stages.step_10(count=count_9)
    stages.write(count=count_10, results=args.results)


if __name__ == "__main__":
    main()
