"""The hostile pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class HostileFlow(FlowSpec):
    results = Parameter("results", required=True)

    @step(start=True)
    def make_table(self):
        import stages

        self.table = stages.make_table()
        self.next(self.make_document)

    @step
    def make_document(self):
        import stages

        self.document = stages.make_document()
        self.next(self.receive)

    @step(end=True)
    def receive(self):
        import stages

        stages.receive(table=self.table, document=self.document, results=self.results)


if __name__ == "__main__":
    HostileFlow()
