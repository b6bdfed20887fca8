"""The library pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class LibraryFlow(FlowSpec):
    label = Parameter("label", default="red")
    results = Parameter("results", required=True)

    @step(start=True)
    def paint(self):
        import stages

        self.painted = stages.paint(label=self.label)
        self.next(self.show_painted)

    @step(end=True)
    def show_painted(self):
        import stages

        stages.show_painted(painted=self.painted, results=self.results)


if __name__ == "__main__":
    LibraryFlow()
