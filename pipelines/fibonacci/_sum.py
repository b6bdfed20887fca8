"""The graph of a sum of Fibonacci numbers, for the pipelines beside this file."""

import stages

from bench.pipeline import File, Pipeline, Settings


def of(*, fibonacci: int, tasks: int) -> Pipeline:
    """Return a chain of at least two tasks, each of which computes the same number."""
    flow = Pipeline(f"fibonacci_{fibonacci}")
    n = flow.parameter("n", int, default=fibonacci)
    results = flow.parameter("results", File)
    total = flow.stage(stages.add_1, Settings(output="total_1"), n=n)
    for number in range(2, tasks):
        add = getattr(stages, f"add_{number}")
        total = flow.stage(add, Settings(output=f"total_{number}"), n=n, total=total)
    flow.stage(stages.last, n=n, total=total, results=results)
    return flow
