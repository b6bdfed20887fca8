import development

from bench.pipeline import File, Pipeline, Settings

CONFIG = {
    "features": ["sepal length (cm)", "petal width (cm)"],
    "test_size": 0.25,
    "seed": 4,
    "params": {"n_estimators": 25, "max_depth": None},
}


def pipeline() -> Pipeline:
    flow = Pipeline("iris_dict")
    config = flow.parameter("config", dict, default=CONFIG)
    results = flow.parameter("results", File)
    data = flow.stage(development.process_data, Settings(output="data"), config=config)
    model = flow.stage(development.train, Settings(output="model"), data=data, config=config)
    prediction = flow.stage(
        development.get_prediction, Settings(output="prediction"), data=data, model=model
    )
    accuracy = flow.stage(
        development.evaluate_model, Settings(output="accuracy"), data=data, prediction=prediction
    )
    flow.stage(development.save, accuracy=accuracy, prediction=prediction, results=results)
    return flow
