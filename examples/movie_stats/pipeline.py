import movies as tutorial

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("movie_stats")
    movies = flow.parameter("movies", File, default="movies.csv")
    genre = flow.parameter("genre", str, default="Sci-Fi")
    recommendations = flow.parameter("recommendations", int, default=5)
    results = flow.parameter("results", File)
    table = flow.stage(tutorial.load_movies, Settings(output="table"), movies=movies)
    genres = flow.stage(tutorial.list_genres, Settings(output="genres"), table=table)
    statistics = flow.map(tutorial.compute_statistics, genres, Settings(output="statistics"), table=table)
    bonus = flow.stage(tutorial.bonus_movie, Settings(output="bonus"), table=table, genre=genre, seed=11)
    summary = flow.stage(tutorial.join, Settings(output="summary"), statistics=statistics)
    flow.stage(
        tutorial.playlist,
        Settings(output="chosen"),
        statistics=statistics,
        summary=summary,
        bonus=bonus,
        genre=genre,
        recommendations=recommendations,
        results=results,
    )
    return flow
