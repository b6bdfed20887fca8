"""The parts pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class PartsFlow(FlowSpec):
    seed = Parameter("seed", default=7)
    nonce = Parameter("nonce", default="none")
    store = Parameter("store", default="parts")
    results = Parameter("results", required=True)

    @step(start=True)
    def gather(self):
        import stages

        self.gathered = stages.gather(seed=self.seed)
        self.next(self.write_parts)

    @step
    def write_parts(self):
        import stages

        self.written = stages.write_parts(gathered=self.gathered, store=self.store)
        self.next(self.read_parts)

    @step
    def read_parts(self):
        import stages

        self.reported = stages.read_parts(written=self.written, store=self.store)
        self.next(self.publish)

    @step(end=True)
    def publish(self):
        import stages

        stages.publish(reported=self.reported, results=self.results)


if __name__ == "__main__":
    PartsFlow()
