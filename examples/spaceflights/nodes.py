"""What does a shuttle cost? Three raw tables are cleaned, joined, and a line is fitted.

After the starter of Kedro: https://github.com/kedro-org/kedro-starters, spaceflights-pandas.
"""

import json
import logging
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split


class Split(NamedTuple):
    X_train: pd.DataFrame
    X_test: pd.DataFrame
    y_train: pd.Series
    y_test: pd.Series


def is_true(column: pd.Series) -> pd.Series:
    return column == "t"


def parse_percentage(column: pd.Series) -> pd.Series:
    return column.str.replace("%", "").astype(float) / 100


def parse_money(column: pd.Series) -> pd.Series:
    return column.str.replace("$", "").str.replace(",", "").astype(float)


def preprocess_companies(companies: str) -> pd.DataFrame:
    table = pd.read_csv(companies)
    table["iata_approved"] = is_true(table["iata_approved"])
    table["company_rating"] = parse_percentage(table["company_rating"])
    return table


def preprocess_shuttles(shuttles: str) -> pd.DataFrame:
    table = pd.read_csv(shuttles)
    for name in ("d_check_complete", "moon_clearance_complete"):
        table[name] = is_true(table[name])
    table["price"] = parse_money(table["price"])
    return table


def create_model_input_table(shuttles: pd.DataFrame, companies: pd.DataFrame, reviews: str) -> pd.DataFrame:
    rated = shuttles.merge(pd.read_csv(reviews), left_on="id", right_on="shuttle_id").drop("id", axis=1)
    return rated.merge(companies, left_on="company_id", right_on="id").dropna()


def split_data(
    model_input_table: pd.DataFrame, features: list, test_size: float, random_state: int
) -> Split:
    X = model_input_table[features]
    y = model_input_table["price"]
    return Split(*train_test_split(X, y, test_size=test_size, random_state=random_state))


def train_model(X_train: pd.DataFrame, y_train: pd.Series) -> LinearRegression:
    return LinearRegression().fit(X_train, y_train)


def evaluate_model(
    regressor: LinearRegression, X_test: pd.DataFrame, y_test: pd.Series, results: str
) -> dict[str, float]:
    predicted = regressor.predict(X_test)
    metrics = {
        "r2": round(r2_score(y_test, predicted), 9),
        "mae": round(mean_absolute_error(y_test, predicted), 6),
    }
    logging.getLogger(__name__).info("Model has a coefficient R^2 of %.3f on test data.", metrics["r2"])
    Path(results, "metrics.json").write_text(json.dumps(metrics, sort_keys=True))
    return metrics
