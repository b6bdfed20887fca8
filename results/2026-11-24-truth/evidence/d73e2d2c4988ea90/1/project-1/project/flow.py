"""The table pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class TableFlow(FlowSpec):
    seed = Parameter("seed", default=7)
    nonce = Parameter("nonce", default="none")
    results = Parameter("results", required=True)

    @step(start=True)
    def gather(self):
        import stages

        self.gathered = stages.gather(seed=self.seed)
        self.next(self.build)

    @step
    def build(self):
        import stages

        self.built = stages.build(gathered=self.gathered)
        self.next(self.condense)

    @step
    def condense(self):
        import stages

        self.reported = stages.condense(built=self.built)
        self.next(self.publish)

    @step(end=True)
    def publish(self):
        import stages

        stages.publish(reported=self.reported, results=self.results)


if __name__ == "__main__":
    TableFlow()
