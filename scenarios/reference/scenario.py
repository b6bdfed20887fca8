"""Steps of the reference scenario."""

from bench.scenarios import Driver, Scenario, run_again


class Reference(Scenario):
    """Runs a pipeline once with digests of all that passes between its stages."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Run once, verifying; the control also again, to see what differs by itself."""
        driver.render()
        driver.run("verifying")
        run_again(driver)
