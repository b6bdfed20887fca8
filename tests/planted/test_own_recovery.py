"""A user's own pipeline that is killed while a stage runs, on a tool whose truth is known, and the control beside it."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench import scenarios
from bench.adapters import load
from bench.contract.driver import Definition, OwnFacts
from bench.contract.records import Attempt, Target, Trial
from bench.environments import pipeline_catalog
from bench.execution import sandbox
from bench.execution.driver import TrialDriver
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from tests import own
from tests.command_line import ROOT

SCENARIO = scenarios.load(ROOT / "scenarios" / "recovery")


def measured(folder: Path, definition: Definition, adapter: str, fault: str | None = None) -> Attempt:
    """Make one attempt: the second stage is the one that is killed."""
    tool = load(ROOT / adapter)
    target = Target(
        tool=tool.manifest.name, setup="local", options=(fault,) if fault else (), version="0",
        mode="in process", adapter_hash="", environment_hash="",
    )  # fmt: skip
    trial = Trial(
        target=target, scenario="recovery", case="own-killed", pipeline="reference", size="small", block=0,
        order=0, key=f"{tool.manifest.name}-{fault}",
    )  # fmt: skip
    box = sandbox.make(folder / "sandboxes", Path(sys.executable))
    evidence = folder / f"evidence-{tool.manifest.name}-{fault}"
    driver = TrialDriver(trial, tool, definition, box, evidence)
    pipeline_catalog.place_data(definition, "small", folder / "cache", box.data)
    try:
        SCENARIO.scenario.steps(driver, "quick")
    finally:
        driver.close()
        sandbox.remove(box)
    return Attempt(
        trial=trial, number=1, runs=tuple(driver.runs), facts=driver.facts, evidence=str(evidence)
    )


def verdict(folder: Path, definition: Definition, fault: str | None = None) -> Verdict:
    """Judge the planted tool beside the control."""
    control = measured(folder, definition, "adapters/control")
    attempt = measured(folder, definition, "tests/planted/cacher", fault)
    assert [run.role for run in attempt.runs] == ["fresh", "resumed"]
    assert not attempt.runs[0].ended.well
    return rules_of(SCENARIO.folder).judge(attempt, control, definition.pipeline)


def test_a_tool_that_keeps_what_was_finished_recovers(tmp_path: Path) -> None:
    """The stages that had ended before the kill do not run again; no parameter of bench's own is needed."""
    definition = replace(own.definition(tmp_path), own=OwnFacts(0.1))
    found = verdict(tmp_path, definition)
    assert found.words["output"] == "right", found.sentence
    assert found.words["work"] == "all kept", found.sentence


def test_a_tool_that_keeps_nothing_runs_all_over_again(tmp_path: Path) -> None:
    """And is right in the end."""
    definition = replace(own.definition(tmp_path), own=OwnFacts(0.1))
    found = verdict(tmp_path, definition, "never")
    assert (found.words["output"], found.words["work"]) == ("right", "all over again"), found.sentence


@pytest.mark.parametrize("line", ["import time; sum = time.time()", "import os; sum = os.getcwd()"])
def test_what_differs_by_itself_is_not_held_against_a_tool(tmp_path: Path, line: str) -> None:
    """A pipeline that writes when or where it ran."""
    own.definition(tmp_path)
    stages = tmp_path / "stages.py"
    stages.write_text(
        stages.read_text().replace('    Path(results, "shown', f'    {line}\n    Path(results, "shown')
    )
    definition = replace(own.definition_of(tmp_path), own=OwnFacts(0.1))
    assert verdict(tmp_path, definition).words["output"] == "right"
