"""Ten stages that do nothing, one after the other, whose results are to be reused."""

import stages

from bench.pipeline import File, Pipeline, Settings

STEPS = (
    stages.step_1,
    stages.step_2,
    stages.step_3,
    stages.step_4,
    stages.step_5,
    stages.step_6,
    stages.step_7,
    stages.step_8,
    stages.step_9,
    stages.step_10,
)


def pipeline() -> Pipeline:
    """Build the graph."""
    flow = Pipeline("idle")
    count = flow.parameter("count", int, default=0)
    results = flow.parameter("results", File)
    for number, step in enumerate(STEPS, 1):
        count = flow.stage(step, Settings(output=f"count_{number}", cached=True), count=count)
    flow.stage(stages.write, count=count, results=results)
    return flow
