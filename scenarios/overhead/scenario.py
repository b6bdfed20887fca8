"""Steps of the overhead scenario."""

from bench.scenarios import Driver, Scenario


class Overhead(Scenario):
    """Runs a pipeline once in fresh state; caches stay as the tool has them."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Run fresh."""
        driver.render()
        driver.run("fresh")
