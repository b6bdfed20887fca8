"""The fanned pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class FannedFlow(FlowSpec):
    nonce = Parameter("nonce", default="000000")
    count = Parameter("count", default=20)
    results = Parameter("results", required=True)

    @step(start=True)
    def count_off(self):
        import stages

        self.numbers = stages.count_off(count=self.count)
        self.next(self.square, foreach="numbers")

    @step
    def square(self):
        import stages

        self.squares_part = stages.square(number=self.input)
        self.next(self.join_square)

    @step
    def join_square(self, inputs):
        self.squares = [task.squares_part for task in inputs]
        self.merge_artifacts(inputs, exclude=["squares_part"])
        self.next(self.gather)

    @step(end=True)
    def gather(self):
        import stages

        stages.gather(squares=self.squares, nonce=self.nonce, results=self.results)


if __name__ == "__main__":
    FannedFlow()
