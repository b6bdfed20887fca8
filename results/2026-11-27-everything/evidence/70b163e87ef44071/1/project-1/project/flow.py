"""The chain_5 pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class Chain5Flow(FlowSpec):
    count = Parameter("count", default=0)
    results = Parameter("results", required=True)

    @step(start=True)
    def step_1(self):
        import stages

        self.count_1 = stages.step_1(count=self.count)
        self.next(self.step_2)

    @step
    def step_2(self):
        import stages

        self.count_2 = stages.step_2(count=self.count_1)
        self.next(self.step_3)

    @step
    def step_3(self):
        import stages

        self.count_3 = stages.step_3(count=self.count_2)
        self.next(self.step_4)

    @step
    def step_4(self):
        import stages

        self.count_4 = stages.step_4(count=self.count_3)
        self.next(self.write)

    @step(end=True)
    def write(self):
        import stages

        stages.write(count=self.count_4, results=self.results)


if __name__ == "__main__":
    Chain5Flow()
