"""Steps of the reuse scenario."""

from bench.scenarios import Driver, RunOptions, Scenario


class Reuse(Scenario):
    """Runs a pipeline whose results are to be reused, and then again in a new process."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Run fresh, then by the tool's way to reuse; the last stage is executed again."""
        driver.render()
        driver.run("fresh")
        driver.run("reused", RunOptions(resumes=True, rerun=driver.pipeline.sentinel.name))
