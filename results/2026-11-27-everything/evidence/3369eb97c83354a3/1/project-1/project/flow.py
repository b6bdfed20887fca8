"""The values pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class ValuesFlow(FlowSpec):
    items = Parameter("items", default="items.csv")
    label = Parameter("label", default="red")
    results = Parameter("results", required=True)

    @step(start=True)
    def make_table(self):
        import stages

        self.table = stages.make_table(items=self.items)
        self.next(self.make_document)

    @step
    def make_document(self):
        import stages

        self.document = stages.make_document(label=self.label)
        self.next(self.describe)

    @step
    def describe(self):
        import stages

        self.described = stages.describe(table=self.table)
        self.next(self.spell)

    @step
    def spell(self):
        import stages

        self.spelled = stages.spell(document=self.document)
        self.next(self.show_values)

    @step(end=True)
    def show_values(self):
        import stages

        stages.show_values(
            described=self.described,
            spelled=self.spelled,
            results=self.results,
        )


if __name__ == "__main__":
    ValuesFlow()
