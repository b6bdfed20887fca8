"""The components of the pipeline values.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def make_table(items: str, table_dataset: Output[Dataset]) -> None:
    import pandas as pd

    table = pd.read_csv(items)
    result = table.assign(share=[0.0, 0.25, 0.75], gap=[1.0, float("nan"), 3.0])

    result.to_parquet(table_dataset.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def make_document(label: str) -> dict:
    return {"first": 1.0, "second": label}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def describe(table_dataset: Input[Dataset]) -> dict:
    import pandas as pd

    table = pd.read_parquet(table_dataset.path)

    return {"types": [str(one) for one in table.dtypes], "rows": table.to_csv()}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def spell(document: dict) -> dict:
    return {"text": repr(sorted(document.items()))}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show_values(described: dict, spelled: dict, results: str) -> None:
    import json
    from pathlib import Path

    shown = {"described": described, "spelled": spelled}
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")
