"""The components of the pipeline metadata.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from typing import TYPE_CHECKING

from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.linear_model import LinearRegression


def table_of(seed: int) -> "pd.DataFrame":
    import numpy as np
    import pandas as pd

    generator = np.random.default_rng(seed)
    table = pd.DataFrame({"row": np.arange(12), "x": generator.normal(size=12).round(6)})
    table["group"] = [f"g{row % 3}" for row in table["row"]]
    return table


def told(labelled: "pd.DataFrame", model: "LinearRegression", metrics: dict[str, object]) -> dict[str, object]:
    """Return what a record of a run has to agree with."""
    import platform

    import numpy as np
    import pandas as pd

    return {
        "table": {
            "columns": list(labelled.columns),
            "dtypes": [str(dtype) for dtype in labelled.dtypes],
            "rows": labelled.to_numpy().tolist(),
        },
        "predicted": model.predict(np.array([[0.0], [1.0], [2.5]])).round(6).tolist(),
        "metrics": metrics,
        "python": platform.python_version(),
        "pandas": pd.__version__,
    }


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[table_of]
)
def make_table(seed: int, table_dataset: Output[Dataset]) -> None:
    table = table_of(seed)

    table.to_parquet(table_dataset.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def label(
    table_dataset: Input[Dataset], nonce: str, labelled_dataset: Output[Dataset]
) -> None:
    import pandas as pd

    table = pd.read_parquet(table_dataset.path)

    labelled = table.copy()
    labelled["y"] = (labelled["x"] * len(nonce) + int(nonce[:4], 16) % 97).round(6)

    labelled.to_parquet(labelled_dataset.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def describe(seed: int, metrics: Output[Metrics]) -> dict[str, int]:
    """Depend on nothing that the model is made from, and have nothing made from it but the report."""
    description = {"half": seed // 2}

    for name, value in description.items():
        metrics.log_metric(name, value)
    return description


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def fit(labelled_dataset: Input[Dataset], model_artifact: Output[Model]) -> None:
    import time

    import joblib
    import pandas as pd
    from sklearn.linear_model import LinearRegression

    labelled = pd.read_parquet(labelled_dataset.path)

    time.sleep(0.5)
    model = LinearRegression().fit(labelled[["x"]].to_numpy(), labelled["y"].to_numpy())

    joblib.dump(model, model_artifact.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def measure(
    model_artifact: Input[Model], labelled_dataset: Input[Dataset], nonce: str
) -> dict:
    import sys

    import joblib
    import pandas as pd

    model = joblib.load(model_artifact.path)
    labelled = pd.read_parquet(labelled_dataset.path)

    print(f"told on stdout: {nonce}")
    print(f"told on stderr: {nonce}", file=sys.stderr)
    score = float(model.score(labelled[["x"]].to_numpy(), labelled["y"].to_numpy()))
    return {"nonce": nonce, "slope": round(float(model.coef_[0]), 6), "score": round(score, 6)}


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def approve(metrics: dict, fails: str, results: str) -> dict:
    """Fail for ever, or the first time only, which a file beside the results tells."""
    from pathlib import Path

    nonce = metrics["nonce"]
    tried = Path(results).with_name(f"tried-{nonce}")
    if fails == "always" or (fails == "once" and not tried.exists()):
        tried.touch()
        raise ValueError(f"refused: {nonce}")
    return metrics


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[told]
)
def report(
    labelled_dataset: Input[Dataset],
    description: dict[str, int],
    model_artifact: Input[Model],
    approved: dict,
    results: str,
) -> None:
    """Write all that it was given: what a record of this run has to agree with."""
    import json
    from pathlib import Path

    import joblib
    import pandas as pd

    labelled = pd.read_parquet(labelled_dataset.path)
    model = joblib.load(model_artifact.path)

    given = {**told(labelled, model, approved), "description": description}
    Path(results, "report.json").write_text(json.dumps(given, sort_keys=True))
