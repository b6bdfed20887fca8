"""The large pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class LargeFlow(FlowSpec):
    amount = Parameter("amount", default=3)
    results = Parameter("results", required=True)

    @step(start=True)
    def grow(self):
        import stages

        self.grown = stages.grow(amount=self.amount)
        self.next(self.show_large)

    @step(end=True)
    def show_large(self):
        import stages

        stages.show_large(grown=self.grown, results=self.results)


if __name__ == "__main__":
    LargeFlow()
