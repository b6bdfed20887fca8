"""Steps of the startup scenario."""

from bench.scenarios import Driver, Scenario, run_again

ATTRIBUTED = ("standard", "thorough")


class Startup(Scenario):
    """Runs a pipeline in fresh state and again in the same state; caches stay as the tool has them."""

    def steps(self, driver: Driver, profile: str) -> None:
        """Run fresh, then reused; in longer profiles also without the tracer, and once for imports.

        The control runs also again, untimed, to see what differs by itself.
        """
        driver.render()
        driver.run("fresh")
        driver.run("reused")
        if profile in ATTRIBUTED:
            driver.run("untraced")
            if driver.trial.block == 0:
                driver.run("imports")
        run_again(driver)
