import steps

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("stack_overflow_tags")
    questions = flow.parameter("questions", int, default=600)
    max_features = flow.parameter("max_features", int, default=200)
    results = flow.parameter("results", File)
    train, test = flow.stage(steps.prepare, questions=questions, split=0.2, seed=20170428)
    train_features, test_features = flow.stage(
        steps.featurize, train=train, test=test, max_features=max_features, ngrams=2
    )
    model = flow.stage(
        steps.train_forest,
        Settings(output="model"),
        train_features=train_features,
        n_est=50,
        min_split=2,
        seed=20170428,
    )
    flow.stage(
        steps.evaluate,
        Settings(output="metrics"),
        model=model,
        test_features=test_features,
        results=results,
    )
    return flow
