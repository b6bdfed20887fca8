"""Names in upper case and of builtins, values in the graph, one function as two stages, a diamond, mapped tables."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("language")
    depth = flow.parameter("max", int, default=3)
    note = flow.parameter("_note", str, default="${HOME} {{x}}, '50 %'\n-- \u2028 é")
    options = flow.parameter("options", dict, default={"intercept": True, "note": "${a}, b"})
    grid = flow.parameter("grid", list, default=[1, 2, 3])
    results = flow.parameter("results", File)
    table = flow.stage(stages.load, Settings(output="table"))
    other = flow.stage(stages.load, Settings(name="load_other", output="other"), rows=7, tag="-x")
    flow.stage(stages.check, table=table)
    X_train, X_test = flow.stage(stages.halve, table=table)
    config = flow.stage(stages.configure, Settings(output="config"), depth=depth)
    model = flow.stage(
        stages.fit, Settings(output="model"), X_train=X_train, config=config, options=options
    )
    counts = flow.stage(stages.sizes, Settings(output="item"), X_test=X_test, grid=grid)
    scores = flow.map(stages.score, counts, Settings(output="scores"), model=model)
    best = flow.stage(stages.best, Settings(output="args"), scores=scores)
    flow.stage(stages.report, best=best, X_test=X_test, other=other, note=note, results=results)
    return flow
