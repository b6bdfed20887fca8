"""The alike pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class AlikeFlow(FlowSpec):
    label = Parameter("label", default="red")
    results = Parameter("results", required=True)

    @step(start=True)
    def begin(self):
        import stages

        self.begun = stages.begin(label=self.label)
        self.next(self.finish)

    @step
    def finish(self):
        import stages

        self.finished = stages.finish(label=self.label)
        self.next(self.show_alike)

    @step(end=True)
    def show_alike(self):
        import stages

        stages.show_alike(
            begun=self.begun,
            finished=self.finished,
            results=self.results,
        )


if __name__ == "__main__":
    AlikeFlow()
