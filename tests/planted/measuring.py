"""Measures the planted tool just as any tool is measured: by the driver, in a sandbox, judged by facts."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.adapters import Adapter
from bench.contract.driver import Definition
from bench.contract.records import Attempt, Role, Run, Target, Trial
from bench.execution import sandbox
from bench.execution.driver import TrialDriver
from bench.judging.full_runs import judge_full_runs
from bench.judging.verdicts import Verdict

HERE = Path(__file__).parent


@dataclass
class Bench:
    """What the tests measure with."""

    folder: Path
    adapter: Adapter
    control: Adapter
    definition: Definition
    drivers: list[TrialDriver] = field(default_factory=list)

    def driver(self, fault: str | None = None, tool: str = "planted") -> TrialDriver:
        """Return a driver in a fresh sandbox, its project rendered."""
        adapter = self.adapter if tool == "planted" else self.control
        target = Target(
            tool=tool,
            setup="local",
            options=(fault,) if fault else (),
            version="0",
            mode="in process",
            adapter_hash="",
            environment_hash="",
        )
        number = len(self.drivers)
        trial = Trial(
            target=target,
            scenario="planted",
            case=fault or "none",
            pipeline="chain",
            size="small",
            block=0,
            order=number,
            key=f"{number}",
        )
        box = sandbox.make(self.folder / "sandboxes", Path(sys.executable))
        driver = TrialDriver(trial, adapter, self.definition, box, self.folder / "evidence" / str(number))
        self.drivers.append(driver)
        driver.render()
        return driver

    def run(self, fault: str | None = None, role: Role = "fresh", tool: str = "planted") -> Run:
        """Run once in a fresh sandbox."""
        return self.driver(fault, tool).run(role)

    def judge(self, fault: str | None, role: Role = "fresh") -> Verdict:
        """Return what the harness says of a fault, beside the control."""
        control = self.driver(tool="control")
        control.run(role)
        driver = self.driver(fault)
        driver.run(role)
        return judge_full_runs(self.attempt(driver), self.attempt(control), self.definition.pipeline)

    def attempt(self, driver: TrialDriver) -> Attempt:
        """Return what would be stored of a driver's runs."""
        return Attempt(trial=driver.trial, number=1, runs=tuple(driver.runs), evidence=str(driver.evidence))

    def pairs(self, fault: str, aa_check: str | None = None, count: int = 7) -> list[tuple[Run, Run]]:
        """Run the fault and its twin without it in turn."""
        return [(self.run(fault), self.run(aa_check)) for _ in range(count)]


def difference(pairs: list[tuple[Run, Run]], mark: str, since: str = "spawn") -> float:
    """Return the median of the paired differences of a time, in seconds."""
    return median(
        (one.seconds(mark, since) or 0.0) - (other.seconds(mark, since) or 0.0) for one, other in pairs
    )
