"""Two ways to the same value: only one of them runs."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("both")
    rows = flow.parameter("rows", int, default=5)
    limit = flow.parameter("limit", int, default=10)
    results = flow.parameter("results", File)
    table = flow.stage(stages.load, Settings(output="table"), rows=rows)
    big = flow.stage(stages.is_big, Settings(output="big"), table=table, limit=limit)
    one = flow.stage(stages.full, Settings(output="one"), table=table)
    other = flow.stage(stages.quick, Settings(output="other"), table=table, share=0.5)
    summary = flow.when(big, then=one, otherwise=other, name="summary")
    flow.stage(stages.write_one, summary=summary, results=results)
    return flow
