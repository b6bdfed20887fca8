from typing import Optional

import train

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("wine_elastic_net")
    alpha = flow.parameter("alpha", float, default=0.05)
    l1_ratio = flow.parameter("l1_ratio", Optional[float], default=None)
    results = flow.parameter("results", File)
    wine = flow.stage(train.load, Settings(output="wine"))
    parts = flow.stage(train.split, Settings(output="parts"), wine=wine, seed=40)
    model = flow.stage(
        train.fit, Settings(output="model"), parts=parts, alpha=alpha, l1_ratio=l1_ratio, seed=42
    )
    metrics = flow.stage(train.eval_metrics, Settings(output="metrics"), model=model, parts=parts)
    flow.stage(train.log, metrics=metrics, alpha=alpha, results=results)
    return flow
