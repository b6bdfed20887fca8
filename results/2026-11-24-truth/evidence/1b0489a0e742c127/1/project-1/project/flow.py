"""The items pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class ItemsFlow(FlowSpec):
    seed = Parameter("seed", default=7)
    nonce = Parameter("nonce", default="none")
    results = Parameter("results", required=True)

    @step(start=True)
    def gather(self):
        import stages

        self.gathered = stages.gather(seed=self.seed)
        self.next(self.enumerate_items)

    @step
    def enumerate_items(self):
        import stages

        self.listed = stages.enumerate_items(gathered=self.gathered)
        self.next(self.score, foreach="listed")

    @step
    def score(self):
        import stages

        self.scores_part = stages.score(item=self.input)
        self.next(self.join_score)

    @step
    def join_score(self, inputs):
        self.scores = [task.scores_part for task in inputs]
        self.merge_artifacts(inputs, exclude=["scores_part"])
        self.next(self.publish_scores)

    @step(end=True)
    def publish_scores(self):
        import stages

        stages.publish_scores(scores=self.scores, results=self.results)


if __name__ == "__main__":
    ItemsFlow()
