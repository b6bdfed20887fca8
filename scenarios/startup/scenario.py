"""Steps of the startup scenario."""

from bench.scenarios import Driver, Scenario

ATTRIBUTED = ("standard", "thorough")


class Startup(Scenario):
    """Runs a pipeline in fresh state and again in the same state; caches stay as the tool has them."""

    def steps(self, driver: Driver, profile: str) -> None:
        """Run fresh, then reused; in longer profiles also without the tracer, and once for imports."""
        driver.render()
        driver.run("fresh")
        driver.run("reused")
        if profile in ATTRIBUTED:
            driver.run("untraced")
            if driver.trial.block == 0:
                driver.run("imports")
