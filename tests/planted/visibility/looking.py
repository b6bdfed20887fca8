"""Takes the shower through the visibility scenario, just as any tool is, and judges it."""

import dataclasses
import sys
from pathlib import Path

from bench.adapters import load
from bench.contract.records import Attempt, Target, Trial
from bench.contract.scenario import Loaded
from bench.execution import sandbox
from bench.execution.driver import TrialDriver
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from tests.planted.definitions import defined

HERE = Path(__file__).parent


@dataclasses.dataclass(frozen=True)
class Looking:
    """What the tests look with. ``folder``: for sandboxes and evidence."""

    folder: Path
    loaded: Loaded

    def attempt(self, case: str, fault: str | None = None, adapter: Path = HERE / "shower") -> Attempt:
        """Take a tool, with a fault or without, through a case."""
        about = self.loaded.manifest.cases[case]
        target = Target(
            tool=adapter.name,
            setup="local",
            options=(fault,) if fault else (),
            version="0",
            mode="in process",
            adapter_hash="",
            environment_hash="",
        )
        trial = Trial(
            target=target,
            scenario="visibility",
            case=case,
            pipeline=about.pipeline,
            size="small",
            block=0,
            order=0,
            key=f"{adapter.name}-{case}-{fault}",
        )
        box = sandbox.make(self.folder / "sandboxes", Path(sys.executable))
        definition = defined(about.pipeline)
        evidence = self.folder / "evidence" / trial.key
        # What only takes time is left out.
        parameters = {name: 0.0 for name in ("seconds",) if name in definition.pipeline.parameters}
        driver = TrialDriver(
            trial, load(adapter), definition, box, evidence, parameters={**about.parameters, **parameters}
        )
        try:
            self.loaded.scenario.steps(driver, "quick")
        finally:
            driver.close()
            sandbox.remove(box)
        facts = driver.redaction.value(driver.facts)
        return Attempt(trial=trial, number=1, runs=tuple(driver.runs), facts=facts, evidence="")

    def judge(self, case: str, fault: str | None = None) -> Verdict:
        """Return what is said of the shower in a case."""
        definition = defined(self.loaded.manifest.cases[case].pipeline)
        return rules_of(self.loaded.folder).judge(self.attempt(case, fault), None, definition.pipeline)
