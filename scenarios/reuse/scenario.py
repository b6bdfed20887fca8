"""Steps of the reuse scenario."""

from bench.scenarios import Driver, RunOptions, Scenario, run_again


class Reuse(Scenario):
    """Runs a pipeline whose results are to be reused, and then again in a new process."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Run fresh, then by the tool's way to reuse; the last stage is executed again.

        The control runs also again, untimed, to see what differs by itself.
        """
        driver.render()
        driver.run("fresh")
        driver.run("reused", RunOptions(resumes=True, rerun=driver.pipeline.sentinel.name))
        run_again(driver)
