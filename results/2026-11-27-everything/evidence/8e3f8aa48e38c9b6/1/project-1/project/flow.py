"""The told pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class ToldFlow(FlowSpec):
    nonce = Parameter("nonce", default="000000000000")
    fails = Parameter("fails", default=False)
    results = Parameter("results", required=True)

    @step(start=True)
    def prepare(self):
        import stages

        self.prepared = stages.prepare(nonce=self.nonce)
        self.next(self.measure)

    @step
    def measure(self):
        import stages

        self.measured = stages.measure(prepared=self.prepared, fails=self.fails)
        self.next(self.report)

    @step(end=True)
    def report(self):
        import stages

        stages.report(measured=self.measured, results=self.results)


if __name__ == "__main__":
    ToldFlow()
