"""Takes the keeper through the metadata scenario, just as any tool is, and judges it."""

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
class Asking:
    """What the tests ask with. ``folder``: for sandboxes and evidence."""

    folder: Path
    loaded: Loaded

    def attempt(self, case: str, fault: str | None = None) -> Attempt:
        """Take the keeper, with a fault or without, through a case."""
        pipeline = self.loaded.manifest.cases[case].pipeline
        target = Target(
            tool="keeper",
            setup="local",
            options=(fault,) if fault else (),
            version="0",
            mode="in process",
            adapter_hash="",
            environment_hash="",
        )
        trial = Trial(
            target=target,
            scenario="metadata",
            case=case,
            pipeline=pipeline,
            size="small",
            block=0,
            order=0,
            key=f"{case}-{fault}",
        )
        box = sandbox.make(self.folder / "sandboxes", Path(sys.executable))
        definition = defined(pipeline)
        driver = TrialDriver(
            trial, load(HERE / "keeper"), definition, box, self.folder / "evidence" / trial.key
        )
        try:
            self.loaded.scenario.steps(driver, "quick")
        finally:
            sandbox.remove(box)
        facts = driver.redaction.value(driver.facts)
        return Attempt(trial=trial, number=1, runs=tuple(driver.runs), facts=facts, evidence="")

    def judge(self, case: str, fault: str | None = None) -> Verdict:
        """Return what is said of the keeper in a case."""
        pipeline = self.loaded.manifest.cases[case].pipeline
        return rules_of(self.loaded.folder).judge(
            self.attempt(case, fault), None, defined(pipeline).pipeline
        )
