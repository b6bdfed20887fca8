import ratings

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("ratings_svd")
    users = flow.parameter("users", int, default=80)
    k = flow.parameter("k", int, default=5)
    results = flow.parameter("results", File)
    table = flow.stage(ratings.simulate, Settings(output="ratings_table"), users=users, films=60, seed=2)
    seen, held_out = flow.stage(ratings.hold_out, ratings=table, share=0.25, seed=2)
    factors = flow.stage(ratings.factorise, Settings(output="factors"), seen=seen, rank=2)
    recommended = flow.stage(
        ratings.recommend, Settings(output="recommended"), factors=factors, seen=seen, k=k
    )
    flow.stage(
        ratings.precision_at_k,
        Settings(output="precision"),
        recommended=recommended,
        held_out=held_out,
        k=k,
        results=results,
    )
    return flow
