"""Which film next? A matrix of ratings is factored, and each user gets the best of what is not seen yet.

After the notebooks on singular value decomposition in https://github.com/recommenders-team/recommenders.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd


class Sides(NamedTuple):
    seen: pd.DataFrame
    held_out: pd.DataFrame


@dataclass
class Factors:
    """A fitted factorisation, with the names of its rows and columns."""

    users: np.ndarray
    films: np.ndarray
    mean: float
    ids: dict[int, str] = field(default_factory=dict)

    def scores(self) -> np.ndarray:
        return self.users @ self.films + self.mean


def simulate(users: int, films: int, seed: int) -> pd.DataFrame:
    """Ratings of users with two tastes, as integers from 1 to 5."""
    draw = np.random.default_rng(seed)
    taste, kind = draw.normal(size=(users, 2)), draw.normal(size=(2, films))
    ratings = np.clip(np.rint(3 + taste @ kind + draw.normal(0, 0.4, (users, films))), 1, 5)
    user, film = np.nonzero(draw.random((users, films)) < 0.5)
    return pd.DataFrame({"user": user, "film": film, "rating": ratings[user, film].astype("int8")})


def hold_out(ratings: pd.DataFrame, share: float, seed: int) -> Sides:
    held_out = ratings.groupby("user").sample(frac=share, random_state=seed)
    return Sides(ratings.drop(held_out.index), held_out)


def factorise(seen: pd.DataFrame, rank: int) -> Factors:
    table = seen.pivot(index="user", columns="film", values="rating").astype(float)
    mean = float(np.nanmean(table.to_numpy()))
    left, values, right = np.linalg.svd(np.nan_to_num(table.to_numpy() - mean), full_matrices=False)
    ids = {int(film): f"film-{film}" for film in table.columns}
    return Factors((left[:, :rank] * values[:rank]).round(9), right[:rank].round(9), mean, ids)


def recommend(factors: Factors, seen: pd.DataFrame, k: int) -> dict[int, list[str]]:
    """The best films of each user that it has not rated; keys are numbers of users."""
    scores = factors.scores()
    scores[seen["user"], seen["film"]] = -np.inf
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return {user: [factors.ids[int(film)] for film in row] for user, row in enumerate(best)}


def precision_at_k(
    recommended: dict[int, list[str]], held_out: pd.DataFrame, k: int, results: str
) -> float:
    liked = held_out[held_out["rating"] >= 4].groupby("user")["film"].agg(set)
    hits = sum(
        len({f"film-{film}" for film in liked.get(user, ())} & set(films))
        for user, films in recommended.items()
    )
    precision = hits / (k * len(recommended))
    told = {"precision": round(precision, 9), "first": recommended[0]}
    Path(results, "precision.json").write_text(json.dumps(told, sort_keys=True))
    return precision
