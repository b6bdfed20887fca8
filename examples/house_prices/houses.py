"""What is a house worth in each of several regions? Data and a model for each region, and one report.

After an example of Flyte: https://github.com/flyteorg/flytesnacks/tree/master/examples/house_price_prediction.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

REGIONS = ["NewYork_NY", "LosAngeles_CA", "Chicago_IL", "Houston_TX"]
COLUMNS = [
    "PRICE",
    "YEAR_BUILT",
    "SQUARE_FEET",
    "NUM_BEDROOMS",
    "NUM_BATHROOMS",
    "LOT_ACRES",
    "GARAGE_SPACES",
]


def list_regions() -> list[str]:
    return REGIONS


def generate(region: str, houses: int) -> pd.DataFrame:
    """Houses of a region; the same for the same name."""
    draw = np.random.default_rng(sum(region.encode()))
    year = draw.integers(1950, 2021, houses)
    feet = draw.normal(2500, 500, houses).astype(int)
    rooms, baths = draw.integers(2, 7, houses), draw.integers(2, 7, houses) / 2
    acres, garage = draw.gamma(2.0, 0.4, houses).round(2), draw.integers(0, 4, houses)
    price = 160 * feet + 10_000 * rooms + 15_000 * baths + 15_000 * acres + 9_000 * garage
    price = (price - 500 * (2021 - year) + draw.normal(0, 9_000, houses)).astype("int64")
    return pd.DataFrame(dict(zip(COLUMNS, (price, year, feet, rooms, baths, acres, garage), strict=True)))


def fit(table: pd.DataFrame, seed: int) -> GradientBoostingRegressor:
    train, _ = train_test_split(table, test_size=0.3, random_state=seed)
    return GradientBoostingRegressor(n_estimators=40, random_state=seed).fit(
        train[COLUMNS[1:]], train["PRICE"]
    )


def predict(
    tables: list[pd.DataFrame], models: list[GradientBoostingRegressor], seed: int
) -> dict[str, float]:
    """The root mean squared error of each model on houses that it has not seen."""
    errors = {}
    for name, table, model in zip(REGIONS, tables, models, strict=True):
        _, unseen = train_test_split(table, test_size=0.3, random_state=seed)
        errors[name] = mean_squared_error(unseen["PRICE"], model.predict(unseen[COLUMNS[1:]])) ** 0.5
    return errors


def report(errors: dict[str, float], results: str) -> None:
    worst = max(errors, key=lambda name: errors[name])
    told = {"worst": worst, "errors": {name: round(error, 3) for name, error in errors.items()}}
    Path(results, "houses.json").write_text(json.dumps(told, sort_keys=True))
