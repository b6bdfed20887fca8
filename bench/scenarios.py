"""The scenario contract, for the authors of scenarios: ``from bench.scenarios import Driver, Scenario``."""

from bench.contract.control_repeats import run_again
from bench.contract.driver import Definition, Driver, Point, Question, RunningCommand, SourceEdit
from bench.contract.run_options import RunOptions
from bench.contract.scenario import Scenario, discover, find, load
from bench.contract.scenario_manifest import Case, Indicator, LineSpec, Manifest, Repetition
from bench.contract.trial_exits import TrialFault, TrialSkipped

__all__ = [
    "Case",
    "Definition",
    "Driver",
    "Indicator",
    "LineSpec",
    "Manifest",
    "Point",
    "Question",
    "Repetition",
    "RunOptions",
    "RunningCommand",
    "Scenario",
    "SourceEdit",
    "TrialFault",
    "TrialSkipped",
    "discover",
    "find",
    "load",
    "run_again",
]
