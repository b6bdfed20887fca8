"""The function pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class FunctionFlow(FlowSpec):
    label = Parameter("label", default="red")
    results = Parameter("results", required=True)

    @step(start=True)
    def make_function(self):
        import stages

        self.function = stages.make_function(label=self.label)
        self.next(self.apply)

    @step
    def apply(self):
        import stages

        self.applied = stages.apply(function=self.function)
        self.next(self.show_applied)

    @step(end=True)
    def show_applied(self):
        import stages

        stages.show_applied(applied=self.applied, results=self.results)


if __name__ == "__main__":
    FunctionFlow()
