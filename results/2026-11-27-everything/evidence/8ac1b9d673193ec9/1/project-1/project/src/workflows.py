"""The workflow reference."""

from flytekit import workflow

from tasks import stages


@workflow
def reference(
    results: str,
    flights: str = "flights.csv",
    weather: str = "weather.csv",
    planes: str = "planes.csv",
    airports: str = "airports.csv",
    seed: int = 42,
) -> None:
    primary = stages.process_raw_data(
        flights=flights, weather=weather, planes=planes, airports=airports
    )
    train, valid, _test = stages.generate_model_input(primary=primary, seed=seed)
    model = stages.train_model(train=train, seed=seed)
    scored = stages.generate_model_output(model=model, valid=valid)
    metrics = stages.evaluate(scored=scored)
    stages.reporting(metrics=metrics, scored=scored, results=results)
