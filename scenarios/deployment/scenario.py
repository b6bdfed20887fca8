"""Steps of the deployment scenario: what a platform would take is made, looked into, and moved to another version."""

import tempfile
from dataclasses import asdict
from pathlib import Path

from bench.contract.records import Declared
from bench.errors import AdapterError
from bench.scenarios import Driver, Scenario, TrialSkipped

from .making import package
from .upgrading import upgrade


class Deployment(Scenario):
    """Makes the artefact without a network, then with what it wants; upgrades the tool and goes back."""

    def steps(self, driver: Driver, profile: str) -> None:  # noqa: ARG002 - the contract's
        """Do what the case is about."""
        case = driver.trial.case
        if case == "steps":
            driver.facts["steps"] = _steps(driver)
            return
        if driver.definition.requires:
            reason = "bench makes no artefact of a pipeline with requirements of its own yet"
            raise TrialSkipped(Declared(outcome="not attempted", reason=reason))
        driver.render()
        if case == "upgrade":
            upgrade(driver)
        else:
            package(driver, self.folder, alone=case == "offline")


def _steps(driver: Driver) -> list[dict[str, object]]:
    """Return the steps to a remote run, as the launchpad's ``./run --remote --dry-run`` has them."""
    with tempfile.TemporaryDirectory(dir=driver.sandbox.tmp) as folder:
        try:
            pad = driver.adapter.launchpad(driver.definition.pipeline, Path(folder))
        except AdapterError as error:
            raise TrialSkipped(Declared(outcome="not attempted", reason=str(error))) from error
    return [asdict(step) for step in pad.steps()]
