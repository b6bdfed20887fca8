"""The pipeline reference_cached: which component gets what from which."""

from kfp import dsl

import components


@dsl.pipeline(name="reference-cached")
def reference_cached(
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
    generate_model_output_task = components.generate_model_output(
        model_artifact=train_model_task.output,
        valid_dataset=generate_model_input_task.outputs["valid_dataset"],
    )
    evaluate_task = components.evaluate(
        scored_dataset=generate_model_output_task.output
    )
    reporting_task = components.reporting(
        metrics=evaluate_task.outputs["Output"],
        scored_dataset=generate_model_output_task.output,
        results=results,
    )
    reporting_task.set_caching_options(enable_caching=False)
