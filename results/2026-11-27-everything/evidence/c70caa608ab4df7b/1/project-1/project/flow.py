"""The metadata pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, retry, step


class MetadataFlow(FlowSpec):
    nonce = Parameter("nonce", default="000000")
    seed = Parameter("seed", default=11)
    fails = Parameter("fails", default="never")
    results = Parameter("results", required=True)

    @step(start=True)
    def make_table(self):
        import stages

        self.table = stages.make_table(seed=self.seed)
        self.next(self.label)

    @step
    def label(self):
        import stages

        self.labelled = stages.label(table=self.table, nonce=self.nonce)
        self.next(self.describe)

    @step
    def describe(self):
        import stages

        self.description = stages.describe(seed=self.seed)
        self.next(self.fit)

    @step
    def fit(self):
        import stages

        self.model = stages.fit(labelled=self.labelled)
        self.next(self.measure)

    @step
    def measure(self):
        import stages

        self.metrics = stages.measure(
            model=self.model,
            labelled=self.labelled,
            nonce=self.nonce,
        )
        self.next(self.approve)

    @retry(times=1, minutes_between_retries=0)
    @step
    def approve(self):
        import stages

        self.approved = stages.approve(
            metrics=self.metrics,
            fails=self.fails,
            results=self.results,
        )
        self.next(self.report)

    @step(end=True)
    def report(self):
        import stages

        stages.report(
            labelled=self.labelled,
            description=self.description,
            model=self.model,
            approved=self.approved,
            results=self.results,
        )


if __name__ == "__main__":
    MetadataFlow()
