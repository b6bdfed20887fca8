"""The paged pipeline; run it with: python flow.py run --results DIRECTORY."""

from metaflow import FlowSpec, Parameter, card, current, step
from metaflow.cards import Markdown


class PagedFlow(FlowSpec):
    nonce = Parameter("nonce", default="000000000000")
    fails = Parameter("fails", default=False)
    results = Parameter("results", required=True)

    @step(start=True)
    def prepare(self):
        import stages

        self.prepared = stages.prepare(nonce=self.nonce)
        self.next(self.measure)

    @step
    def measure(self):
        import stages

        self.measured = stages.measure(prepared=self.prepared, fails=self.fails)
        self.next(self.draw)

    @card(type="blank")
    @step
    def draw(self):
        import stages

        self.page = stages.draw(measured=self.measured)
        current.card.append(Markdown(self.page))
        self.next(self.deliver)

    @step(end=True)
    def deliver(self):
        import stages

        stages.deliver(page=self.page, results=self.results)


if __name__ == "__main__":
    PagedFlow()
