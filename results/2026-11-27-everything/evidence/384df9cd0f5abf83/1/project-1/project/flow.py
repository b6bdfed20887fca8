"""The fanout pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class FanoutFlow(FlowSpec):
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
        self.next(self.list_carriers)

    @step
    def list_carriers(self):
        import stages

        self.segments = stages.list_carriers(valid=self.valid)
        self.next(self.score_segment, foreach="segments")

    @step
    def score_segment(self):
        import stages

        self.scores_part = stages.score_segment(
            segment=self.input,
            model=self.model,
            valid=self.valid,
        )
        self.next(self.join_score_segment)

    @step
    def join_score_segment(self, inputs):
        self.scores = [task.scores_part for task in inputs]
        self.merge_artifacts(inputs, exclude=["scores_part"])
        self.next(self.summarise)

    @step(end=True)
    def summarise(self):
        import stages

        stages.summarise(scores=self.scores, results=self.results)


if __name__ == "__main__":
    FanoutFlow()
