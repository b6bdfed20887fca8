"""The note pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class NoteFlow(FlowSpec):
    nonce = Parameter("nonce", default="000000")
    results = Parameter("results", required=True)

    @step
    def note(self):
        import stages

        stages.note(nonce=self.nonce, results=self.results)


if __name__ == "__main__":
    NoteFlow()
