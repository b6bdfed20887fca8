"""The adapting pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, retry, step


class AdaptingFlow(FlowSpec):
    day = Parameter("day", default="2026-01-07")
    results = Parameter("results", required=True)

    @step(start=True)
    def gather(self):
        import stages

        self.gathered = stages.gather(day=self.day)
        self.next(self.train)

    @step
    def train(self):
        import stages

        self.trained = stages.train(gathered=self.gathered)
        self.next(self.score_all)

    @step
    def score_all(self):
        import stages

        self.scores = stages.score_all(gathered=self.gathered, trained=self.trained)
        self.next(self.assess)

    @retry(times=2, minutes_between_retries=1)
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
    AdaptingFlow()
