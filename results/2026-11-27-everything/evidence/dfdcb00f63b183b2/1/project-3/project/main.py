"""Run the pipeline values in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", default='items.csv')
    parser.add_argument("--label", default='red')
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    table = stages.make_table(items=args.items)
    document = stages.make_document(label=args.label)
    described = stages.describe(table=table)
    spelled = stages.spell(document=document)
    stages.show_values(described=described, spelled=spelled, results=args.results)


if __name__ == "__main__":
    main()
