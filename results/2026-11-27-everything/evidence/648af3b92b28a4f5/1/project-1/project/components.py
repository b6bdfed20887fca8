"""The components of the pipeline fanout.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from typing import TYPE_CHECKING

from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output

if TYPE_CHECKING:
    import pandas as pd


def minutes(clock: "pd.Series") -> "pd.Series":
    """Turn 1545 into the minutes since midnight."""
    return clock // 100 * 60 + clock % 100


def features(table: "pd.DataFrame") -> "pd.DataFrame":
    """Return what the model sees, the same in training and in serving."""
    WEATHER = ["origin", "time_hour", "temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
    CATEGORIES = ["carrier", "origin", "dest", "manufacturer"]
    NUMBERS = ["month", "weekday", "departure", "arrival", "distance", "seats", "age", "lat", "lon", "alt"]
    NUMBERS += WEATHER[2:]

    return table[CATEGORIES + NUMBERS]


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[minutes]
)
def process_raw_data(
    flights: str,
    weather: str,
    planes: str,
    airports: str,
    primary_dataset: Output[Dataset],
) -> None:
    import pandas as pd

    FLIGHT = ["year", "month", "day", "sched_dep_time", "sched_arr_time", "arr_delay"]
    ROUTE = ["carrier", "tailnum", "origin", "dest", "distance", "time_hour"]
    WEATHER = ["origin", "time_hour", "temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
    CATEGORIES = ["carrier", "origin", "dest", "manufacturer"]
    NUMBERS = ["month", "weekday", "departure", "arrival", "distance", "seats", "age", "lat", "lon", "alt"]
    NUMBERS += WEATHER[2:]
    LATE_MINUTES = 15

    arrived = pd.read_csv(flights, usecols=FLIGHT + ROUTE).dropna(subset=["arr_delay", "tailnum"])
    at_origin = pd.read_csv(weather, usecols=WEATHER).drop_duplicates(["origin", "time_hour"])
    aircraft = pd.read_csv(planes, usecols=["tailnum", "year", "manufacturer", "seats"])
    aircraft = aircraft.rename(columns={"year": "built"})
    destinations = pd.read_csv(airports, usecols=["faa", "lat", "lon", "alt"])
    destinations = destinations.rename(columns={"faa": "dest"})
    joined = arrived.merge(at_origin, how="left", on=["origin", "time_hour"])
    joined = joined.merge(aircraft, how="left", on="tailnum")
    joined = joined.merge(destinations, how="left", on="dest")
    days = pd.to_datetime(joined[["year", "month", "day"]])
    joined["weekday"] = days.dt.day_of_week.astype("int64")
    joined["departure"] = minutes(joined["sched_dep_time"])
    joined["arrival"] = minutes(joined["sched_arr_time"])
    joined["age"] = joined["year"] - joined["built"]
    joined["manufacturer"] = joined["manufacturer"].fillna("UNKNOWN")
    joined["late"] = joined["arr_delay"] > LATE_MINUTES
    primary = joined[["tailnum", "time_hour", *CATEGORIES, *NUMBERS, "arr_delay", "late"]]

    primary.to_parquet(primary_dataset.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def generate_model_input(
    primary_dataset: Input[Dataset],
    seed: int,
    train_dataset: Output[Dataset],
    valid_dataset: Output[Dataset],
    test_dataset: Output[Dataset],
) -> None:
    from typing import NamedTuple

    import numpy as np
    import pandas as pd

    class Splits(NamedTuple):
        """Training, validation and test set."""

        train: pd.DataFrame
        valid: pd.DataFrame
        test: pd.DataFrame

    primary = pd.read_parquet(primary_dataset.path)

    draw = np.random.default_rng(seed).random(len(primary))
    splits = Splits(
        train=primary[draw < 0.6].reset_index(drop=True),
        valid=primary[(draw >= 0.6) & (draw < 0.8)].reset_index(drop=True),
        test=primary[draw >= 0.8].reset_index(drop=True),
    )

    splits.train.to_parquet(train_dataset.path)
    splits.valid.to_parquet(valid_dataset.path)
    splits.test.to_parquet(test_dataset.path)


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[features]
)
def train_model(
    train_dataset: Input[Dataset], seed: int, model_artifact: Output[Model]
) -> None:
    import joblib
    import pandas as pd
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OrdinalEncoder

    CATEGORIES = ["carrier", "origin", "dest", "manufacturer"]

    train = pd.read_parquet(train_dataset.path)

    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = ColumnTransformer([("categories", encoder, CATEGORIES)], remainder="passthrough")
    classifier = HistGradientBoostingClassifier(max_iter=40, early_stopping=False, random_state=seed)
    model = Pipeline([("columns", columns), ("classifier", classifier)])
    result = model.fit(features(train), train["late"])

    joblib.dump(result, model_artifact.path)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def list_carriers(valid_dataset: Input[Dataset]) -> list[str]:
    import pandas as pd

    valid = pd.read_parquet(valid_dataset.path)

    return sorted(valid["carrier"].unique().tolist())


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[features]
)
def score_segment(
    segment: str, model_artifact: Input[Model], valid_dataset: Input[Dataset]
) -> dict:
    import joblib
    import pandas as pd

    model = joblib.load(model_artifact.path)
    valid = pd.read_parquet(valid_dataset.path)

    flights = valid[valid["carrier"] == segment].reset_index(drop=True)
    probability = model.predict_proba(features(flights))[:, 1]
    return {
        "carrier": segment,
        "flights": float(len(flights)),
        "late_share": float(flights["late"].mean()),
        "predicted_share": float(probability.mean()),
        "accuracy": float(((probability > 0.5) == flights["late"]).mean()),
    }


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def summarise(scores: list[dict], results: str) -> None:
    import json
    from pathlib import Path

    Path(results, "segments.json").write_text(json.dumps(scores, indent=1, sort_keys=True) + "\n")
