"""The idle pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class IdleFlow(FlowSpec):
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
        self.next(self.step_5)

    @step
    def step_5(self):
        import stages

        self.count_5 = stages.step_5(count=self.count_4)
        self.next(self.step_6)

    @step
    def step_6(self):
        import stages

        self.count_6 = stages.step_6(count=self.count_5)
        self.next(self.step_7)

    @step
    def step_7(self):
        import stages

        self.count_7 = stages.step_7(count=self.count_6)
        self.next(self.step_8)

    @step
    def step_8(self):
        import stages

        self.count_8 = stages.step_8(count=self.count_7)
        self.next(self.step_9)

    @step
    def step_9(self):
        import stages

        self.count_9 = stages.step_9(count=self.count_8)
        self.next(self.step_10)

    @step
    def step_10(self):
        import stages

        self.count_10 = stages.step_10(count=self.count_9)
        self.next(self.write)

    @step(end=True)
    def write(self):
        import stages

        stages.write(count=self.count_10, results=self.results)


if __name__ == "__main__":
    IdleFlow()
