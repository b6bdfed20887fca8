"""Churn: load, clean, split in three, search, a diamond of model and plans, a report."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("churn")
    customers = flow.parameter("customers", File, default="customers.csv")
    strengths = flow.parameter("strengths", str, default="0.01,0.1,1.0")
    seed = flow.parameter("seed", int, default=7)
    results = flow.parameter("results", File)

    raw = flow.stage(stages.load_customers, Settings(output="raw", cached=True), customers=customers)
    tidy = flow.stage(stages.clean, Settings(output="tidy", cached=True), raw=raw)
    train, valid, test = flow.stage(stages.split, Settings(cached=True), tidy=tidy, seed=seed)
    candidates = flow.stage(stages.propose, Settings(output="candidates", cached=True), strengths=strengths)
    scores = flow.map(
        stages.score_candidate, candidates, Settings(output="scores", cached=True), train=train, valid=valid
    )
    best = flow.stage(stages.pick, Settings(output="best", cached=True), scores=scores)
    model = flow.stage(stages.fit, Settings(output="model", cached=True), train=train, best=best)
    plans = flow.stage(stages.describe_plans, Settings(output="plans", cached=True), train=train)
    assessment = flow.stage(
        stages.assess, Settings(output="assessment", cached=True), model=model, plans=plans, test=test
    )
    flow.stage(stages.report, assessment=assessment, scores=scores, plans=plans, results=results)
    return flow
