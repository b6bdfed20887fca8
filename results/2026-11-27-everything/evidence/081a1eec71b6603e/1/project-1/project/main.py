"""Run the pipeline reuse in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", default='items.csv')
    parser.add_argument("--amount", type=int, default=3)
    parser.add_argument("--label", default='red')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    numbers = stages.read_numbers(items=args.items)
    title = stages.entitle(label=args.label)
    scaled = stages.scale(numbers=numbers, amount=args.amount)
    summary = stages.summarise(scaled=scaled)
    stages.show(numbers=numbers, scaled=scaled, summary=summary, title=title, results=args.results)


if __name__ == "__main__":
    main()
