"""How many neighbours tell irises apart best? One training for each number, side by side.

After the ML example of the Kubeflow Pipelines documentation:
https://www.kubeflow.org/docs/components/pipelines/user-guides/components/, and
https://github.com/kubeflow/pipelines/tree/master/samples.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sklearn.datasets import load_iris
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import MinMaxScaler, StandardScaler


@dataclass(frozen=True)
class Trained:
    """A classifier with the number of neighbours and how often it was right."""

    neighbors: int
    accuracy: float
    model: KNeighborsClassifier


def create_dataset() -> pd.DataFrame:
    iris = load_iris(as_frame=True)
    names = {0: "Iris-Setosa", 1: "Iris-Versicolour", 2: "Iris-Virginica"}
    return iris.data.assign(Labels=iris.target.map(names))


def normalize_dataset(iris: pd.DataFrame, standard_scaler: bool) -> pd.DataFrame:
    labels = iris.pop("Labels")
    scaler = StandardScaler() if standard_scaler else MinMaxScaler()
    scaled = pd.DataFrame(scaler.fit_transform(iris), columns=iris.columns)
    scaled["Labels"] = labels
    return scaled


def train_model(neighbors: int, normalized: pd.DataFrame) -> Trained:
    features, labels = normalized.drop(columns="Labels"), normalized["Labels"]
    model = KNeighborsClassifier(n_neighbors=neighbors)
    accuracy = float(cross_val_score(model, features, labels, cv=4).mean())
    return Trained(neighbors, round(accuracy, 9), model.fit(features, labels))


def best_of(trained: list[Trained], results: str) -> int:
    best = max(trained, key=lambda one: (one.accuracy, -one.neighbors))
    told = {"neighbors": best.neighbors, "accuracies": {one.neighbors: one.accuracy for one in trained}}
    Path(results, "best.json").write_text(json.dumps(told, sort_keys=True))
    return best.neighbors
