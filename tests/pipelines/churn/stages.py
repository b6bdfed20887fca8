"""Who is about to leave? The stages of the churn model."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from estimators import ChurnRateEncoder
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from slugify import slugify
from tabulate import tabulate

NUMBERS = ["months", "monthly_charge", "support_calls", "age_days"]
CATEGORIES = ["plan", "paperless"]
TODAY = pd.Timestamp("2026-01-01")


class Splits(NamedTuple):
    train: pd.DataFrame
    valid: pd.DataFrame
    test: pd.DataFrame


def build(strength: float, smoothing: float) -> Pipeline:
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = ColumnTransformer(
        [("numbers", numbers, NUMBERS), ("categories", ChurnRateEncoder(smoothing), CATEGORIES)]
    )
    return Pipeline([("columns", columns), ("classifier", LogisticRegression(C=strength, max_iter=500))])


def load_customers(customers: str) -> pd.DataFrame:
    table = pd.read_csv(customers, parse_dates=["since"])
    table["support_calls"] = table["support_calls"].astype("Int64")
    return table


def clean(raw: pd.DataFrame) -> pd.DataFrame:
    tidy = raw.drop_duplicates("customer").copy()
    tidy["plan"] = tidy["plan"].map(lambda name: slugify(name)).astype("category")
    tidy["age_days"] = (TODAY - tidy["since"]).dt.days
    tidy["support_calls"] = tidy["support_calls"].astype("float64")
    return tidy.reset_index(drop=True)


def split(tidy: pd.DataFrame, seed: int) -> Splits:
    draw = np.random.default_rng(seed).random(len(tidy))
    parts = np.digitize(draw, [0.6, 0.8])
    train, valid, test = (tidy[parts == part].reset_index(drop=True) for part in range(3))
    return Splits(train, valid, test)


def propose(strengths: str) -> list[dict]:
    return [
        {"strength": float(strength), "smoothing": smoothing}
        for strength in strengths.split(",")
        for smoothing in (5.0, 50.0)
    ]


def score_candidate(candidate: dict, train: pd.DataFrame, valid: pd.DataFrame) -> dict:
    model = build(candidate["strength"], candidate["smoothing"]).fit(train, train["churned"])
    auc = roc_auc_score(valid["churned"], model.predict_proba(valid)[:, 1])
    return {**candidate, "auc": float(auc)}


def pick(scores: list[dict]) -> dict:
    return max(scores, key=lambda score: score["auc"])


def fit(train: pd.DataFrame, best: dict) -> Pipeline:
    return build(best["strength"], best["smoothing"]).fit(train, train["churned"])


def describe_plans(train: pd.DataFrame) -> pd.DataFrame:
    grouped = train.groupby("plan", observed=True)
    return grouped.agg(customers=("customer", "size"), left=("churned", "mean")).reset_index()


def assess(model: Pipeline, plans: pd.DataFrame, test: pd.DataFrame) -> dict:
    probability = model.predict_proba(test)[:, 1]
    by_plan = test.assign(probability=probability).groupby("plan", observed=True)["probability"].mean()
    expected = plans.set_index("plan")["left"]
    return {
        "auc": float(roc_auc_score(test["churned"], probability)),
        "customers": len(test),
        "drift": {str(plan): float(by_plan[plan] - expected[plan]) for plan in by_plan.index},
    }


def report(assessment: dict, scores: list[dict], plans: pd.DataFrame, results: str) -> None:
    tables = [
        tabulate(plans.values.tolist(), headers=list(plans.columns), tablefmt="github", floatfmt=".4f"),
        tabulate(scores, headers="keys", tablefmt="github", floatfmt=".4f"),
    ]
    text = "# Churn\n\n" + "\n\n".join(tables) + f"\n\nAUC on unseen customers: {assessment['auc']:.4f}\n"
    Path(results, "report.md").write_text(text, encoding="utf-8")
    Path(results, "assessment.json").write_text(json.dumps(assessment, indent=1, sort_keys=True) + "\n")
