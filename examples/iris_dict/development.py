"""Process, train, predict, score: the four tables of a split travel in one dictionary.

After https://github.com/khuyentran1401/prefect2-mlops-demo, whose flows are written for Prefect.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split


def process_data(config: dict[str, Any]) -> dict[str, pd.DataFrame]:
    iris = load_iris(as_frame=True).frame
    parts = train_test_split(
        iris[config["features"]],
        iris[["target"]],
        test_size=config["test_size"],
        random_state=config["seed"],
    )
    return dict(zip(("X_train", "X_valid", "y_train", "y_valid"), parts, strict=True))


def train(data: dict[str, pd.DataFrame], config: dict[str, Any]) -> RandomForestClassifier:
    model = RandomForestClassifier(random_state=config["seed"], **config["params"])
    return model.fit(data["X_train"], data["y_train"]["target"])


def get_prediction(data: dict[str, pd.DataFrame], model: RandomForestClassifier) -> np.ndarray:
    return model.predict(data["X_valid"])


def evaluate_model(data: dict[str, pd.DataFrame], prediction: np.ndarray) -> float:
    return accuracy_score(data["y_valid"], prediction)


def save(accuracy: float, prediction: np.ndarray, results: str) -> None:
    told = {"accuracy": round(accuracy, 9), "first": [int(one) for one in prediction[:5]]}
    Path(results, "score.json").write_text(json.dumps(told, sort_keys=True))
