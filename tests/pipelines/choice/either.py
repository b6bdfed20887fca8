"""A value that may be None, because its stage does not run."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("either")
    rows = flow.parameter("rows", int, default=5)
    limit = flow.parameter("limit", int, default=10)
    full = flow.parameter("full", bool, default=False)
    results = flow.parameter("results", File)
    table = flow.stage(stages.load, Settings(output="table"), rows=rows)
    big = flow.stage(stages.is_big, Settings(output="big"), table=table, limit=limit)
    one = flow.stage(stages.full, Settings(output="one"), table=table)
    other = flow.stage(stages.quick, Settings(output="other"), table=table, share=0.5)
    summary = flow.when(big, then=one, otherwise=other, name="summary")
    more = flow.stage(stages.extra, Settings(output="more"), table=table)
    maybe = flow.when(full, then=more)
    flow.stage(stages.write, summary=summary, extra=maybe, results=results)
    return flow
