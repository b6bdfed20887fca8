"""The pipeline fanout: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="fanout")
def fanout(
    results: str,
    flights: str = "flights.csv",
    weather: str = "weather.csv",
    planes: str = "planes.csv",
    airports: str = "airports.csv",
    seed: int = 42,
) -> None:
    process_raw_data_task = components.process_raw_data(
        flights=flights, weather=weather, planes=planes, airports=airports
    )
    generate_model_input_task = components.generate_model_input(
        primary_dataset=process_raw_data_task.output, seed=seed
    )
    train_model_task = components.train_model(
        train_dataset=generate_model_input_task.outputs["train_dataset"], seed=seed
    )
    list_carriers_task = components.list_carriers(
        valid_dataset=generate_model_input_task.outputs["valid_dataset"]
    )
    with dsl.ParallelFor(list_carriers_task.output) as segment:
        score_segment_task = components.score_segment(
            segment=segment,
            model_artifact=train_model_task.output,
            valid_dataset=generate_model_input_task.outputs["valid_dataset"],
        )
    components.summarise(
        scores=dsl.Collected(score_segment_task.output), results=results
    )
