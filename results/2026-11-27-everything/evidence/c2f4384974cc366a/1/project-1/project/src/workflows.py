"""The flow fanout."""

import argparse

from prefect import flow, unmapped

from tasks import stages


@flow
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
    scores = stages.score_segment.map(
        segment=segments, model=unmapped(model), valid=unmapped(valid)
    ).result()
    stages.summarise(scores=scores, results=results)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--flights")
    parser.add_argument("--weather")
    parser.add_argument("--planes")
    parser.add_argument("--airports")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--results", required=True)
    fanout(**vars(parser.parse_args()))
