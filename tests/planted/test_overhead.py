"""The overhead scenario on a tool whose start-up and cost of a task are known, and the control beside it."""

import sys
from pathlib import Path

import pytest

from bench import scenarios
from bench.adapters import Adapter, load
from bench.contract.driver import Definition
from bench.contract.records import Attempt, Target, Trial
from bench.environments.environment import Environment
from bench.execution.trial import Equipment, measure
from bench.judging.judge import Judge
from bench.judging.rules import rules_of
from bench.scoring.scaling_lines import fits_of
from bench.statistics.line_fit import Fit
from tests.planted.definitions import defined

HERE = Path(__file__).parent
SCENARIO = scenarios.load(HERE.parent.parent / "scenarios" / "overhead")
CASES = ("chain-1", "chain-5", "chain-10", "chain-50")
START, TASK = 0.5, 0.04
OPTIONS: tuple[tuple[str, ...], ...] = ((), ("tires",))


def definition(case: str) -> Definition:
    """Return the pipeline of a case."""
    return defined(SCENARIO.manifest.cases[case].pipeline)


def measured(
    folder: Path, adapter: Adapter, case: str, block: int, options: tuple[str, ...] = ()
) -> Attempt:
    """Measure one trial as a suite does."""
    name = adapter.manifest.name
    target = Target(
        tool=name,
        setup="local",
        options=options,
        version="0",
        mode="in process",
        role=adapter.manifest.role,
        adapter_hash="",
        environment_hash="",
    )
    trial = Trial(
        target=target,
        scenario="overhead",
        case=case,
        pipeline=definition(case).pipeline.name,
        size="small",
        block=block,
        order=block,
        key=f"{target.name}-{case}-{block}",
    )
    equipment = Equipment(
        adapter=adapter,
        environment=Environment(
            tool=name,
            folder=Path(sys.prefix),
            python=Path(sys.executable),
            digest="",
            version="0",
            interpreter="",
            packages={},
            seconds=0.0,
            size=0,
        ),
        definition=definition(case),
        scenario=SCENARIO.scenario,
        profile="standard",
        cache=folder,
    )
    evidence = folder / f"{trial.key}-evidence"
    evidence.mkdir()
    return measure(trial, equipment, evidence, 1, None, lambda _: None)


pytestmark = pytest.mark.slow  # Two blocks of five chains, of three targets.


@pytest.fixture(scope="module")
def fits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fit]:
    """Give the fits of the sleeper and of the tiring sleeper over four chains, in two blocks."""
    folder = tmp_path_factory.mktemp("overhead")
    sleeper, control = load(HERE / "sleeper"), load(HERE.parent.parent / "adapters" / "control")
    attempts = []
    for case in CASES:
        for block in range(2):
            attempts.append(measured(folder, control, case, block))
            attempts += [measured(folder, sleeper, case, block, options) for options in OPTIONS]
    pipelines = {definition(case).pipeline.name: definition(case).pipeline for case in CASES}
    judge = Judge(attempts, {"overhead": rules_of(SCENARIO.folder)}, pipelines)
    assert {judge.verdict(trial).word for trial in judge.trials()} == {"right"}
    (curve,) = fits_of(judge, {"overhead": SCENARIO})
    return {fit.target: fit for fit in curve.fits}


def test_the_cost_of_a_task_is_what_was_planted(fits: dict[str, Fit]) -> None:
    """0.04 s before each."""
    assert fits["sleeper[local]"].slope == pytest.approx(TASK, rel=0.15)


def test_the_start_up_is_what_was_planted(fits: dict[str, Fit]) -> None:
    """0.5 s before the first, which plain Python does not have."""
    assert fits["sleeper[local]"].intercept == pytest.approx(START, rel=0.15)


def test_what_was_planted_straight_is_found_straight(fits: dict[str, Fit]) -> None:
    """Every task costs the same."""
    assert fits["sleeper[local]"].linear is True


def test_what_was_planted_bent_is_found_bent(fits: dict[str, Fit]) -> None:
    """Every task costs more than the one before it."""
    assert fits["sleeper[local+tires]"].linear is False, fits["sleeper[local+tires]"].why
