"""The reuse pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class ReuseFlow(FlowSpec):
    items = Parameter("items", default="items.csv")
    amount = Parameter("amount", default=3)
    label = Parameter("label", default="red")
    results = Parameter("results", required=True)

    @step(start=True)
    def read_numbers(self):
        import stages

        self.numbers = stages.read_numbers(items=self.items)
        self.next(self.entitle)

    @step
    def entitle(self):
        import stages

        self.title = stages.entitle(label=self.label)
        self.next(self.scale)

    @step
    def scale(self):
        import stages

        self.scaled = stages.scale(numbers=self.numbers, amount=self.amount)
        self.next(self.summarise)

    @step
    def summarise(self):
        import stages

        self.summary = stages.summarise(scaled=self.scaled)
        self.next(self.show)

    @step(end=True)
    def show(self):
        import stages

        stages.show(
            numbers=self.numbers,
            scaled=self.scaled,
            summary=self.summary,
            title=self.title,
            results=self.results,
        )


if __name__ == "__main__":
    ReuseFlow()
