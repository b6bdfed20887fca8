"""The components of the pipeline large.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def grow(amount: int, grown_dataset: Output[Dataset]) -> None:
    import numpy as np
    import pandas as pd

    ROWS = 1_500_000

    grown = pd.DataFrame({"noise": np.random.default_rng(amount).random(ROWS)})

    grown.to_parquet(grown_dataset.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def show_large(grown_dataset: Input[Dataset], results: str) -> None:
    from pathlib import Path

    import pandas as pd

    grown = pd.read_parquet(grown_dataset.path)

    shown = f"{len(grown)} {grown['noise'].sum():.6f} {grown['noise'].iloc[0]:.6f}\n"
    Path(results, "shown.txt").write_text(shown)
