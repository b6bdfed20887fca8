"""The branches pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class BranchesFlow(FlowSpec):
    nonce = Parameter("nonce", default="000000000000")
    results = Parameter("results", required=True)

    @step(start=True)
    def load(self):
        import stages

        self.loaded = stages.load(nonce=self.nonce)
        self.next(self.split)

    @step
    def split(self):
        import stages

        self.parts = stages.split(loaded=self.loaded)
        self.next(self.clean)

    @step
    def clean(self):
        import stages

        self.cleaned = stages.clean(loaded=self.loaded)
        self.next(self.score, foreach="parts")

    @step
    def score(self):
        import stages

        self.scores_part = stages.score(part=self.input, cleaned=self.cleaned)
        self.next(self.join_score)

    @step
    def join_score(self, inputs):
        self.scores = [task.scores_part for task in inputs]
        self.merge_artifacts(inputs, exclude=["scores_part"])
        self.next(self.fit)

    @step
    def fit(self):
        import stages

        self.fitted = stages.fit(cleaned=self.cleaned)
        self.next(self.join)

    @step
    def join(self):
        import stages

        self.joined = stages.join(scores=self.scores, fitted=self.fitted)
        self.next(self.publish)

    @step(end=True)
    def publish(self):
        import stages

        stages.publish(joined=self.joined, results=self.results)


if __name__ == "__main__":
    BranchesFlow()
