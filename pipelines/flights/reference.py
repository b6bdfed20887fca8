"""The reference pipeline: raw files, clean table, splits, model, scores, metrics, report."""

import stages

from bench.pipeline import File, Pipeline, Settings


def pipeline() -> Pipeline:
    """Build the graph."""
    return graph("reference")


def graph(name: str, *, cached: bool = False) -> Pipeline:
    """Return the six stages. cached: whether all but the report are to be reused."""
    flow = Pipeline(name)
    flights = flow.parameter("flights", File, default="flights.csv")
    weather = flow.parameter("weather", File, default="weather.csv")
    planes = flow.parameter("planes", File, default="planes.csv")
    airports = flow.parameter("airports", File, default="airports.csv")
    seed = flow.parameter("seed", int, default=42)
    results = flow.parameter("results", File)
    primary = flow.stage(
        stages.process_raw_data,
        Settings(output="primary", layer="03_primary", cached=cached),
        flights=flights,
        weather=weather,
        planes=planes,
        airports=airports,
    )
    train, valid, _test = flow.stage(
        stages.generate_model_input,
        Settings(layer="05_model_input", cached=cached),
        primary=primary,
        seed=seed,
    )
    model = flow.stage(
        stages.train_model,
        Settings(output="model", layer="06_models", cached=cached),
        train=train,
        seed=seed,
    )
    scored = flow.stage(
        stages.generate_model_output,
        Settings(output="scored", layer="07_model_output", cached=cached),
        model=model,
        valid=valid,
    )
    metrics = flow.stage(
        stages.evaluate, Settings(output="metrics", layer="08_reporting", cached=cached), scored=scored
    )
    flow.stage(stages.reporting, metrics=metrics, scored=scored, results=results)
    return flow
