"""The reference pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class ReferenceFlow(FlowSpec):
    flights = Parameter("flights", default="flights.csv")
    weather = Parameter("weather", default="weather.csv")
    planes = Parameter("planes", default="planes.csv")
    airports = Parameter("airports", default="airports.csv")
    seed = Parameter("seed", default=42)
    results = Parameter("results", required=True)

    @step(start=True)
    def process_raw_data(self):
        import stages

        self.primary = stages.process_raw_data(
            flights=self.flights,
            weather=self.weather,
            planes=self.planes,
            airports=self.airports,
        )
        self.next(self.generate_model_input)

    @step
    def generate_model_input(self):
        import stages

        self.train, self.valid, self.test = stages.generate_model_input(
            primary=self.primary,
            seed=self.seed,
        )
        self.next(self.train_model)

    @step
    def train_model(self):
        import stages

        self.model = stages.train_model(train=self.train, seed=self.seed)
        self.next(self.generate_model_output)

    @step
    def generate_model_output(self):
        import stages

        self.scored = stages.generate_model_output(model=self.model, valid=self.valid)
        self.next(self.evaluate)

    @step
    def evaluate(self):
        import stages

        self.metrics = stages.evaluate(scored=self.scored)
        self.next(self.reporting)

    @step(end=True)
    def reporting(self):
        import stages

        stages.reporting(metrics=self.metrics, scored=self.scored, results=self.results)


if __name__ == "__main__":
    ReferenceFlow()
