"""Run the pipeline fanout in one process."""

import argparse

import stages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flights", default='flights.csv')
    parser.add_argument("--weather", default='weather.csv')
    parser.add_argument("--planes", default='planes.csv')
    parser.add_argument("--airports", default='airports.csv')
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--results", required=True)
    args = parser.parse_args()
    primary = stages.process_raw_data(flights=args.flights, weather=args.weather, planes=args.planes, airports=args.airports)
    train, valid, test = stages.generate_model_input(primary=primary, seed=args.seed)
    model = stages.train_model(train=train, seed=args.seed)
    segments = stages.list_carriers(valid=valid)
    scores = [stages.score_segment(segment=item, model=model, valid=valid) for item in segments]
    stages.summarise(scores=scores, results=args.results)


if __name__ == "__main__":
    main()
