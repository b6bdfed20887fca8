"""The erring pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class ErringFlow(FlowSpec):
    day = Parameter("day", default="2026-01-07")
    count = Parameter("count", default=5)
    results = Parameter("results", required=True)

    @step(start=True)
    def gather(self):
        import stages

        self.gathered = stages.gather(day=self.day, count=self.count)
        self.next(self.train)

    @step
    def train(self):
        import stages

        self.trained = stages.train(gathered=self.gathered)
        self.next(self.score)

    @step
    def score(self):
        import stages

        self.scores = stages.score(gathered=self.gathered, trained=self.traned)
        self.next(self.assess)

    @step
    def assess(self):
        import stages

        self.assessed = stages.assess(scores=self.scores)
        self.next(self.report)

    @step(end=True)
    def report(self):
        import stages

        stages.report(assessed=self.assessed, results=self.results)


if __name__ == "__main__":
    ErringFlow()
