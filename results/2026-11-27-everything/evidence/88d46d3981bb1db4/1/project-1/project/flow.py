"""The chain_1 pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class Chain1Flow(FlowSpec):
    count = Parameter("count", default=0)
    results = Parameter("results", required=True)

    @step
    def write(self):
        import stages

        stages.write(count=self.count, results=self.results)


if __name__ == "__main__":
    Chain1Flow()
