"""Will a flight arrive late? The stages, as plain functions."""

import base64
import html
import io
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import accuracy_score, average_precision_score, log_loss, roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder
from flytekit import task

FLIGHT = ["year", "month", "day", "sched_dep_time", "sched_arr_time", "arr_delay"]
ROUTE = ["carrier", "tailnum", "origin", "dest", "distance", "time_hour"]
WEATHER = ["origin", "time_hour", "temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
CATEGORIES = ["carrier", "origin", "dest", "manufacturer"]
NUMBERS = ["month", "weekday", "departure", "arrival", "distance", "seats", "age", "lat", "lon", "alt"]
NUMBERS += WEATHER[2:]
LATE_MINUTES = 15


class Splits(NamedTuple):
    """Training, validation and test set."""

    train: pd.DataFrame
    valid: pd.DataFrame
    test: pd.DataFrame


def minutes(clock: pd.Series) -> pd.Series:
    """Turn 1545 into the minutes since midnight."""
    return clock // 100 * 60 + clock % 100


def features(table: pd.DataFrame) -> pd.DataFrame:
    """Return what the model sees, the same in training and in serving."""
    return table[CATEGORIES + NUMBERS]


@task
def process_raw_data(flights: str, weather: str, planes: str, airports: str) -> pd.DataFrame:
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
    return joined[["tailnum", "time_hour", *CATEGORIES, *NUMBERS, "arr_delay", "late"]]


@task
def generate_model_input(primary: pd.DataFrame, seed: int) -> Splits:
    draw = np.random.default_rng(seed).random(len(primary))
    return Splits(
        train=primary[draw < 0.6].reset_index(drop=True),
        valid=primary[(draw >= 0.6) & (draw < 0.8)].reset_index(drop=True),
        test=primary[draw >= 0.8].reset_index(drop=True),
    )


@task
def train_model(train: pd.DataFrame, seed: int) -> Pipeline:
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = ColumnTransformer([("categories", encoder, CATEGORIES)], remainder="passthrough")
    classifier = HistGradientBoostingClassifier(max_iter=40, early_stopping=False, random_state=seed)
    model = Pipeline([("columns", columns), ("classifier", classifier)])
    return model.fit(features(train), train["late"])


def generate_model_output(model: Pipeline, valid: pd.DataFrame) -> pd.DataFrame:
    probability = model.predict_proba(features(valid))[:, 1]
    known = valid[["time_hour", "carrier", "origin", "dest", "departure", "late"]]
    return known.assign(probability=probability, predicted=probability > 0.5)


def evaluate(scored: pd.DataFrame) -> dict[str, float]:
    late, probability = scored["late"], scored["probability"]
    return {
        "flights": float(len(scored)),
        "late_share": float(late.mean()),
        "accuracy": float(accuracy_score(late, scored["predicted"])),
        "roc_auc": float(roc_auc_score(late, probability)),
        "average_precision": float(average_precision_score(late, probability)),
        "log_loss": float(log_loss(late, probability)),
    }


def picture(points: pd.DataFrame, title: str) -> str:
    """Draw the columns of a table over its index; returns an HTML image."""
    figure = Figure(figsize=(6, 3), layout="tight")
    axes = figure.subplots()
    for column in points.columns:
        axes.plot(points.index, points[column], marker="o", label=column)
    axes.set_title(title)
    axes.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100, metadata={"Software": None})
    encoded = base64.b64encode(buffer.getvalue()).decode()
    return f'<img alt="{html.escape(title)}" src="data:image/png;base64,{encoded}">'


def reporting(metrics: dict[str, float], scored: pd.DataFrame, results: str) -> None:
    columns = ["late", "probability"]
    by_hour = scored.groupby(scored["departure"] // 60)[columns].mean()
    by_tenth = scored.groupby((scored["probability"] * 10).astype("int64") / 10)[columns].mean()
    by_carrier = scored.groupby("carrier")[columns].mean()
    rows = "".join(
        f"<tr><th>{name}</th><td>{value:.4f}</td></tr>" for name, value in sorted(metrics.items())
    )
    page = (
        '<!doctype html><meta charset="utf-8"><title>Late arrivals</title>'
        f"<h1>Late arrivals</h1><table>{rows}</table>"
        + picture(by_hour, "by hour of departure")
        + picture(by_tenth, "calibration")
        + picture(by_carrier, "by carrier")
    )
    Path(results, "report.html").write_text(page)
    Path(results, "metrics.json").write_text(json.dumps(metrics, indent=1, sort_keys=True) + "\n")


@task
def list_carriers(valid: pd.DataFrame) -> list[str]:
    return sorted(valid["carrier"].unique().tolist())


@task
def score_segment(segment: str, model: Pipeline, valid: pd.DataFrame) -> dict:
    flights = valid[valid["carrier"] == segment].reset_index(drop=True)
    probability = model.predict_proba(features(flights))[:, 1]
    return {
        "carrier": segment,
        "flights": float(len(flights)),
        "late_share": float(flights["late"].mean()),
        "predicted_share": float(probability.mean()),
        "accuracy": float(((probability > 0.5) == flights["late"]).mean()),
    }


@task
def summarise(scores: list[dict], results: str) -> None:
    Path(results, "segments.json").write_text(json.dumps(scores, indent=1, sort_keys=True) + "\n")
