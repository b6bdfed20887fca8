"""Steps of the reference scenario."""

from bench.scenarios import Driver, Scenario


class Reference(Scenario):
    """Runs a pipeline once with digests of all that passes between its stages."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Run once, verifying."""
        driver.render()
        driver.run("verifying")
