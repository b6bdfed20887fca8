"""The workflow fanout."""

import functools

from flytekit import map_task, workflow

from tasks import stages


@workflow
def fanout(
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
    segments = stages.list_carriers(valid=valid)
    score_segment = functools.partial(stages.score_segment, model=model, valid=valid)
    scores = map_task(score_segment)(segment=segments)
    stages.summarise(scores=scores, results=results)
