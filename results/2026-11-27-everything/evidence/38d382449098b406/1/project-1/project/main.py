"""Run the pipeline hostile in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    table = stages.make_table()
    document = stages.make_document()
    stages.receive(table=table, document=document, results=args.results)


if __name__ == "__main__":
    main()
