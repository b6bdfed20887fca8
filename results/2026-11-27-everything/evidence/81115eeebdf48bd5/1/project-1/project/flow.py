"""The hello pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, step


class HelloFlow(FlowSpec):
    greeting = Parameter("greeting", default="hello")
    results = Parameter("results", required=True)

    @step
    def greet(self):
        import stages

        stages.greet(greeting=self.greeting, results=self.results)


if __name__ == "__main__":
    HelloFlow()
