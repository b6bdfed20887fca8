"""Measures one trial: makes its sandbox, lets the scenario drive, and always returns a record."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.contract.adapter import Adapter
from bench.contract.driver import Definition
from bench.contract.records import Attempt, Declared, Fault, Trial
from bench.contract.scenario import Scenario
from bench.contract.trial_exits import TrialFault, TrialSkipped
from bench.environments.environment import Environment
from bench.environments.pipeline_catalog import place_data
from bench.errors import BenchError, TraceError
from bench.execution import sandbox as sandboxes
from bench.execution.driver import TrialDriver
from bench.execution.services.persistent_server import PersistentServer
from bench.execution.supervisor import SupervisorError

__all__ = ["Equipment", "measure"]


@dataclass(frozen=True)
class Equipment:
    """Everything that a trial needs to be measured."""

    adapter: Adapter
    environment: Environment
    definition: Definition
    scenario: Scenario
    profile: str
    cache: Path
    server: PersistentServer | None = None
    """The server that all trials of the target share, if its set-up needs one."""


def measure(
    trial: Trial,
    equipment: Equipment,
    folder: Path,
    number: int,
    because: str | None,
    on_start: Callable[[TrialDriver], None],
) -> Attempt:
    """Make one attempt; return it with its runs and any fault of harness or adapter.

    folder: an empty folder for its evidence; the caller adds the final place to the record.
    Every second attempt runs without the tracer, unless the case holds bodies, which only the tracer can do. Raises
    SandboxError if no sandbox can be made, because then the next trial cannot be measured either.
    """
    load = os.getloadavg()[0]
    sandbox = sandboxes.make(equipment.cache / "sandboxes", equipment.environment.python)
    case = equipment.scenario.manifest.cases[trial.case]
    driver = TrialDriver(
        trial,
        equipment.adapter,
        equipment.definition,
        sandbox,
        folder,
        parameters=case.parameters,
        traced=case.held or number % 2 == 1,
        server=equipment.server,
    )
    fault: Fault | None = None
    declared: Declared | None = None
    try:
        on_start(driver)
        place_data(equipment.definition, trial.size, equipment.cache, sandbox.data)
        equipment.scenario.steps(driver, equipment.profile)
    except TrialSkipped as error:
        declared = error.declared
    except TrialFault as error:
        fault = Fault(where=error.where, reason=error.reason)
    except SupervisorError as error:
        fault = Fault(where="supervisor", reason=str(error))
    except TraceError as error:
        fault = Fault(where="trace", reason=str(error))
    except BenchError as error:
        fault = Fault(where=f"adapter '{trial.target.tool}'", reason=str(error))
    except OSError as error:
        fault = Fault(where="machine", reason=str(error))
    except Exception as error:  # noqa: BLE001 - whatever a scenario or bench does wrong, the suite continues
        fault = Fault(where=f"scenario '{trial.scenario}'", reason=f"{type(error).__name__}: {error}")
    finally:
        driver.close()
        left = sandboxes.remove(sandbox)
        if left:
            driver.facts["not removed"] = left
    return Attempt(
        trial=trial,
        number=number,
        again_because=because,
        runs=tuple(driver.runs),
        facts=driver.redaction.value(driver.facts),
        declared=declared,
        fault=None
        if fault is None
        else Fault(where=fault.where, reason=driver.redaction.text(fault.reason)),
        load=load,
        evidence="",
    )
