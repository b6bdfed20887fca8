"""How much do films of each genre earn, and what to see tonight? One branch for each genre, and a playlist beside them.

After the tutorials of Metaflow: https://github.com/Netflix/metaflow/tree/master/metaflow/tutorials, 01 to 03.
"""

import json
import random
from pathlib import Path

import pandas as pd


def load_movies(movies: str) -> pd.DataFrame:
    return pd.read_csv(movies)


def list_genres(table: pd.DataFrame) -> list[str]:
    return sorted({genre for genres in table["genres"] for genre in genres.split("|")})


def compute_statistics(genre: str, table: pd.DataFrame) -> dict:
    """The films of a genre by what they earned, and the quartiles."""
    of_genre = table[table["genres"].str.contains(genre, regex=False)]
    of_genre = of_genre.dropna(subset=["gross"]).sort_values("gross", ascending=False)
    quartiles = of_genre["gross"].quantile([0.25, 0.5, 0.75]).values
    return {"genre": genre, "quartiles": list(quartiles), "titles": of_genre["movie_title"].tolist()}


def bonus_movie(table: pd.DataFrame, genre: str, seed: int) -> tuple:
    """A film of another genre, by chance, with its year."""
    others = [
        (row.movie_title, row.title_year)
        for row in table.itertuples()
        if genre not in row.genres.split("|")
    ]
    return random.Random(seed).choice(others)


def join(statistics: list[dict]) -> pd.DataFrame:
    rows = [(one["genre"], *one["quartiles"], len(one["titles"])) for one in statistics]
    return pd.DataFrame(rows, columns=["genre", "low", "median", "high", "films"]).set_index("genre")


def playlist(
    statistics: list[dict],
    summary: pd.DataFrame,
    bonus: tuple,
    genre: str,
    recommendations: int,
    results: str,
) -> list[str]:
    titles = next(one["titles"] for one in statistics if one["genre"] == genre)[:recommendations]
    chosen = [*titles, bonus[0]]
    told = {"playlist": chosen, "year": int(bonus[1]), "best": str(summary["median"].idxmax())}
    Path(results, "playlist.json").write_text(json.dumps(told, sort_keys=True))
    return chosen
