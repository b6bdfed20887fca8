"""The startup scenario on a tool that reuses results whether it is asked or not, as Luigi and make do."""

import sys
from pathlib import Path

import pytest

from bench import scenarios
from bench.adapters import Adapter, load
from bench.contract.records import Attempt, Trial
from bench.execution import sandbox
from bench.execution.driver import TrialDriver
from bench.judging.rules import rules_of
from tests import shared
from tests.planted.measuring import HERE
from tests.unit.facts import target

ROOT = HERE.parent.parent
STARTUP = scenarios.load(ROOT / "scenarios" / "startup")
CHAIN = shared.definition(str(HERE / "pipeline" / "chain.py"))


def measured(adapter: Adapter, folder: Path, *options: str) -> Attempt:
    """Return one attempt of the case hello, on the chain."""
    trial = Trial(
        target=target(adapter.manifest.name, role=adapter.manifest.role, options=options),
        scenario="startup",
        case="hello",
        pipeline="chain",
        size="small",
        block=0,
        order=0,
        key=adapter.manifest.name,
    )
    box = sandbox.make(folder, Path(sys.executable))
    driver = TrialDriver(trial, adapter, CHAIN, box, folder / trial.key)
    try:
        STARTUP.scenario.steps(driver, "quick")
    finally:
        sandbox.remove(box)
    return Attempt(trial=trial, number=1, runs=tuple(driver.runs), facts=driver.facts, evidence="")


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Attempt:
    """Give the control's attempt."""
    return measured(load(ROOT / "adapters" / "control"), tmp_path_factory.mktemp("control"))


def test_a_second_run_that_reuses_rightly_is_right(control: Attempt, tmp_path: Path) -> None:
    """Only the last stage runs in it, and what it delivers is the control's."""
    attempt = measured(load(HERE / "cacher"), tmp_path, "by_default")
    assert [{body.stage for body in run.bodies} for run in attempt.runs] == [
        {"begin", "go_on", "finish"},
        {"finish"},
    ]
    verdict = rules_of(STARTUP.folder).judge(attempt, control, CHAIN.pipeline)
    assert (verdict.outcome, verdict.word) == ("measured", "right")


def test_the_control_runs_again_elsewhere_and_no_number_comes_from_that(control: Attempt) -> None:
    """What differs by itself is known, and the times are those of the first runs."""
    again = [run for run in control.runs if run.repeat]
    assert again
    assert len({run.command.cwd for run in control.runs}) == 1 + len(again)
    assert {run.command.env.get("PYTHONHASHSEED") for run in again} == {
        str(n + 1) for n in range(len(again))
    }
    samples = rules_of(STARTUP.folder).samples(control, CHAIN.pipeline)
    assert {sample.run for sample in samples} == {0, 1}
