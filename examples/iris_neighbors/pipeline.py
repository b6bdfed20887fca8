import components

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    flow = Pipeline("iris_neighbors")
    neighbors = flow.parameter("neighbors", list, default=[1, 3, 6, 9])
    results = flow.parameter("results", File)
    iris = flow.stage(components.create_dataset, Settings(output="iris"))
    normalized = flow.stage(
        components.normalize_dataset, Settings(output="normalized"), iris=iris, standard_scaler=True
    )
    trained = flow.map(components.train_model, neighbors, Settings(output="trained"), normalized=normalized)
    flow.stage(components.best_of, Settings(output="best"), trained=trained, results=results)
    return flow
