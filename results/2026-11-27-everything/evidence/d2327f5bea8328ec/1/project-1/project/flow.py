"""The gap pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class GapFlow(FlowSpec):
    results = Parameter("results", required=True)

    @step(start=True)
    def make_gap(self):
        import stages

        self.document = stages.make_gap()
        self.next(self.receive_gap)

    @step(end=True)
    def receive_gap(self):
        import stages

        stages.receive_gap(document=self.document, results=self.results)


if __name__ == "__main__":
    GapFlow()
