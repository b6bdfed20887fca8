"""The chain pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class ChainFlow(FlowSpec):
    seed = Parameter("seed", default=7)
    nonce = Parameter("nonce", default="none")
    results = Parameter("results", required=True)

    @step(start=True)
    def gather(self):
        import stages

        self.gathered = stages.gather(seed=self.seed)
        self.next(self.train)

    @step
    def train(self):
        import stages

        self.trained = stages.train(gathered=self.gathered)
        self.next(self.assess)

    @step
    def assess(self):
        import stages

        self.assessed = stages.assess(trained=self.trained)
        self.next(self.report)

    @step
    def report(self):
        import stages

        self.reported = stages.report(assessed=self.assessed)
        self.next(self.publish)

    @step(end=True)
    def publish(self):
        import stages

        stages.publish(reported=self.reported, results=self.results)


if __name__ == "__main__":
    ChainFlow()
