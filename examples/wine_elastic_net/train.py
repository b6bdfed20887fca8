"""How good is a wine? A scaler and an elastic net, one run, three metrics.

After the example of MLflow: https://github.com/mlflow/mlflow/tree/master/examples/sklearn_elasticnet_wine.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_wine
from sklearn.linear_model import ElasticNet
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler


def load() -> pd.DataFrame:
    wine = load_wine(as_frame=True)
    # The bundled wines have no marks; their alcohol stands for one.
    return wine.data.rename(columns={"alcohol": "quality"})


def split(wine: pd.DataFrame, seed: int) -> list[pd.DataFrame]:
    return train_test_split(wine, random_state=seed)


def fit(parts: list[pd.DataFrame], alpha: float, l1_ratio: float | None, seed: int) -> Pipeline:
    train = parts[0]
    net = ElasticNet(alpha=alpha, l1_ratio=0.5 if l1_ratio is None else l1_ratio, random_state=seed)
    return make_pipeline(StandardScaler(), net).fit(train.drop(columns="quality"), train["quality"])


def eval_metrics(model: Pipeline, parts: list[pd.DataFrame]) -> dict[str, np.float64]:
    """As scikit-learn gives them: numbers of NumPy."""
    actual = parts[1]["quality"]
    predicted = model.predict(parts[1].drop(columns="quality"))
    return {
        "rmse": np.sqrt(mean_squared_error(actual, predicted)),
        "mae": np.float64(mean_absolute_error(actual, predicted)),
        "r2": np.float64(r2_score(actual, predicted)),
    }


def log(metrics: dict[str, np.float64], alpha: float, results: str) -> None:
    told = {"alpha": alpha, **{name: round(float(value), 9) for name, value in metrics.items()}}
    Path(results, "run.json").write_text(json.dumps(told, sort_keys=True))
