"""The components of the pipeline reuse.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from typing import TYPE_CHECKING

from kfp import dsl
from kfp.dsl import Dataset, Input, Output

if TYPE_CHECKING:
    import pandas as pd


def double(values: "pd.Series") -> "pd.Series":
    """Double each value."""
    return values * 2.0


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def read_numbers(items: str, numbers_dataset: Output[Dataset]) -> None:
    import pandas as pd

    numbers = pd.read_csv(items)

    numbers.to_parquet(numbers_dataset.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def entitle(label: str) -> dict:
    import os

    if os.environ.get("ENTITLE") == "fails":
        raise RuntimeError("entitle was asked to fail")
    return {"title": f"{label} {os.environ.get('SEASON', 'spring')}"}


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[double]
)
def scale(
    numbers_dataset: Input[Dataset],
    amount: int,
    scaled_dataset: Output[Dataset],
    offset: float = 1.0,
) -> None:
    import pandas as pd

    FACTOR = 2.0

    numbers = pd.read_parquet(numbers_dataset.path)

    larger = double(numbers["number"]) * amount
    scaled = numbers.assign(number=larger * FACTOR - offset)

    scaled.to_parquet(scaled_dataset.path)


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, embedded_artifact_path="shared"
)
def summarise(scaled_dataset: Input[Dataset]) -> dict:
    import helpers
    import pandas as pd

    scaled = pd.read_parquet(scaled_dataset.path)

    # The sum, and how many there are.
    return {"total": helpers.rounded(float(scaled["number"].sum())), "rows": float(len(scaled))}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show(
    numbers_dataset: Input[Dataset],
    scaled_dataset: Input[Dataset],
    summary: dict,
    title: dict,
    results: str,
) -> None:
    import json
    from pathlib import Path

    import pandas as pd

    numbers = pd.read_parquet(numbers_dataset.path)
    scaled = pd.read_parquet(scaled_dataset.path)

    shown = {
        "numbers": numbers.to_csv(),
        "scaled": scaled.to_csv(),
        "summary": summary,
        "title": title,
    }
    Path(results, "shown.json").write_text(json.dumps(shown, indent=1, sort_keys=True) + "\n")
