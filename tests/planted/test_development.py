"""The development scenario on a tool whose messages are known, and the control beside it."""

import sys
from pathlib import Path

import msgspec
import pytest

from bench import scenarios
from bench.adapters import Adapter, load
from bench.contract.driver import Definition
from bench.contract.records import Attempt, Target, Trial
from bench.execution import sandbox
from bench.execution.driver import TrialDriver
from bench.judging.rules import rules_of
from bench.judging.verdicts import Sample, Verdict
from bench.pipeline import Pipeline
from tests.planted.definitions import defined

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCENARIO = scenarios.load(ROOT / "scenarios" / "development")
STEPS = sys.modules[type(SCENARIO.scenario).__module__]
"""Taken at once: whoever loads the scenario again puts another module there."""
MISTAKES = sys.modules["_bench_scenario_development.mistakes"].MISTAKES
NO_MISTAKE = {"entry-points", "wiring", "loop", "unit-test", "debugger", "notebook", "types"}


class Trials:
    """Measures trials of the development scenario, the control's once for each case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.teller = load(HERE / "teller")
        self.control = load(ROOT / "adapters" / "control")
        self.controls: dict[str, Attempt] = {}

    def verdict(self, case: str, fault: str | None = None) -> Verdict:
        """Measure a case with a fault, judge it beside the control."""
        if case not in self.controls:
            self.controls[case] = self.measure(self.control, case)
        attempt = self.measure(self.teller, case, fault)
        return rules_of(SCENARIO.folder).judge(
            attempt, self.controls[case], self._definition(case).pipeline
        )

    def samples(self, adapter: Adapter, case: str) -> dict[str, Sample]:
        """Return the numbers of a trial by indicator."""
        attempt = self.measure(adapter, case)
        return {
            one.indicator: one
            for one in rules_of(SCENARIO.folder).samples(attempt, self._definition(case).pipeline)
        }

    def measure(self, adapter: Adapter, case: str, fault: str | None = None) -> Attempt:
        """Make one attempt in a fresh sandbox."""
        tool = adapter.manifest.name
        target = Target(
            tool=tool, setup="local", options=(fault,) if fault else (), version="0", mode="in process",
            adapter_hash="", environment_hash="",
        )  # fmt: skip
        definition = self._definition(case)
        trial = Trial(
            target=target, scenario="development", case=case, pipeline=definition.pipeline.name, size="small",
            block=0, order=0, key=f"{tool}-{case}-{fault}",
        )  # fmt: skip
        box = sandbox.make(self.folder / "sandboxes", Path(sys.executable))
        evidence = self.folder / "evidence" / f"{len(list(self.folder.glob('evidence/*')))}"
        driver = TrialDriver(trial, adapter, definition, box, evidence)
        try:
            SCENARIO.scenario.steps(driver, "quick")
        finally:
            sandbox.remove(box)
        return Attempt(
            trial=trial, number=1, runs=tuple(driver.runs), facts=driver.facts, evidence=str(evidence)
        )

    def pipeline(self, case: str) -> Pipeline:
        """Return the pipeline of a case."""
        return self._definition(case).pipeline

    def _definition(self, case: str) -> Definition:
        return defined(SCENARIO.manifest.cases[case].pipeline)


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trials"))


def test_every_mistake_has_data_and_stands_in_the_manifest() -> None:
    """The two lists are one; at least twelve mistakes were asked for."""
    own = {name for name, case in SCENARIO.manifest.cases.items() if case.own}
    assert set(MISTAKES) == set(SCENARIO.manifest.cases) - NO_MISTAKE - own
    assert len(MISTAKES) >= 12


@pytest.mark.parametrize("case", sorted(MISTAKES))
def test_an_exemplary_tool_gets_the_best_of_the_scale(trials: Trials, case: str) -> None:
    """Otherwise the mistake itself would be wrong."""
    verdict = trials.verdict(case)
    assert verdict.word == ("prevented" if case == "changing-graph" else "clear"), (
        verdict.sentence,
        verdict.words,
    )


@pytest.mark.parametrize("case", ["exception", "misspelt-input", "missing-file", "parameter-type"])
def test_a_hopeless_tool_gets_the_word_for_a_message_that_names_nothing(trials: Trials, case: str) -> None:
    """It fails, and says only that."""
    assert trials.verdict(case, "hopeless").word == "obscure"


@pytest.mark.parametrize(
    ("case", "fault", "word"),
    [
        ("exception", "silent", "silent"),
        ("forgotten-return", "silent", "silent"),
        ("exception", "hides_line", "partial"),
        ("misspelt-input", "no_checks", "late"),
        ("wrong-type", "no_checks", "late"),
    ],
)
def test_a_planted_fault_gets_its_word(trials: Trials, case: str, fault: str, word: str) -> None:
    """What is silent, what hides the user's line, and what is found late."""
    verdict = trials.verdict(case, fault)
    assert verdict.word == word, (verdict.sentence, verdict.words)


def test_a_misspelt_name_is_found_at_edit_where_a_linter_sees_it(trials: Trials) -> None:
    """In plain Python it is a name, and in the teller's table a string like any other."""
    told = trials.measure(trials.control, "misspelt-input").facts["mistake"]["linted"]
    assert told == ["F821 Undefined name `traned`"]
    assert trials.measure(trials.teller, "misspelt-input").facts["mistake"]["linted"] == []


def test_what_a_linter_showed_is_told_with_the_verdict(trials: Trials) -> None:
    """Whatever the tool itself says of it."""
    attempt = trials.measure(trials.teller, "misspelt-input")
    seen = {**attempt.facts, "mistake": {**attempt.facts["mistake"], "linted": ["F821 Undefined name"]}}
    control = trials.measure(trials.control, "misspelt-input")
    verdicts = [
        rules_of(SCENARIO.folder).judge(one, control, trials.pipeline("misspelt-input"))
        for one in (attempt, msgspec.structs.replace(attempt, facts=seen))
    ]
    assert [one.words["when"] for one in verdicts] == ["before", "edit"]
    assert "a linter shows it where it is typed: F821" in verdicts[1].sentence


def test_of_a_hidden_line_the_file_and_the_line_are_said_to_be_missing(trials: Trials) -> None:
    """And nothing else is."""
    words = trials.verdict("exception", "hides_line").words
    assert {part for part, word in words.items() if word == "not named"} == {"file", "line"}


def test_a_tool_that_waits_for_ever_hangs(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended at the time limit."""
    monkeypatch.setattr(STEPS, "LIMIT_S", 3.0)
    verdict = trials.verdict("exception", "endless")
    assert (verdict.outcome, verdict.word) == ("failed", "hangs")


def test_a_breakpoint_in_the_users_own_process_is_reached(trials: Trials) -> None:
    """The debugger answers what it is asked, and the run goes on to its end."""
    assert trials.verdict("debugger").word == "reached"


def test_a_breakpoint_that_the_tool_passes_over_is_not_reached(trials: Trials) -> None:
    """Here because it takes the end of its input for the answer."""
    assert trials.verdict("debugger", "no_input").word == "not reached"


@pytest.mark.parametrize(("fault", "word"), [(None, "plain"), ("wrapped", "by accessor")])
def test_a_stage_is_called_as_it_can_be(trials: Trials, fault: str | None, word: str) -> None:
    """First as a plain function; where it is none, by what the documentation names."""
    assert trials.verdict("unit-test", fault).word == word


@pytest.mark.parametrize(
    ("fault", "word", "sentence"),
    [
        (None, "runs", "each time"),
        ("no_kernel", "fails", "a loop is running already"),
        ("undelivered", "fails", "delivered something else"),
        ("once", "once", "it was started before"),
        ("from_memory", "once", "not all stages ran again"),
    ],
)
def test_a_notebook_gets_the_word_for_what_its_trials_did(
    trials: Trials, fault: str | None, word: str, sentence: str
) -> None:
    """Judged by the stages that ran and by what was delivered, each time."""
    verdict = trials.verdict("notebook", fault)
    assert (verdict.word, sentence in verdict.sentence) == (word, True), verdict.sentence


def test_the_wiring_of_the_control_is_what_is_counted_by_hand(trials: Trials) -> None:
    """Of ``main.py`` all tokens are wiring, of the stages none; plain Python needs no name of a tool.

    Some 220 of them call the stages; the rest hands each a copy of its arguments.
    """
    found = trials.samples(trials.control, "wiring")
    assert found["wiring_files"].value == 1
    assert (found["surface"].value, found["concepts"].value) == (0, 0)
    assert 350 < found["wiring_tokens"].value < 600


def test_the_entry_points_of_the_control_are_those_of_its_launchpad(trials: Trials) -> None:
    """One command here; remotely each of its steps is one."""
    attempt = trials.measure(trials.control, "entry-points")
    found = attempt.facts["entries"]
    assert len(found["local"]) == 1
    assert (
        trials.samples(trials.control, "entry-points")["remote_commands"].value == len(found["remote"]) > 0
    )


def test_entry_points_are_counted_word_by_word(trials: Trials) -> None:
    """Of ``python main.py none "$@"`` the remote steps have main.py and the parameters, and five words more."""
    attempt = trials.measure(trials.teller, "entry-points")
    found = attempt.facts["entries"]
    assert found["only_local"] == ["none", "python"]
    assert found["only_remote"] == ['"$ENDPOINT"', "push", "start", "teller", "teller"]
    numbers = trials.samples(trials.teller, "entry-points")
    assert {name: one.value for name, one in numbers.items()} == {"remote_commands": 2, "entry_words": 7}


@pytest.mark.parametrize(
    ("tool", "sentence"),
    [
        ("teller", "the remote run names no file, the local one main.py, parameters are given alike"),
        ("control", "both start the same file, parameters are given alike"),
    ],
)
def test_what_both_entry_points_are_told_is_said(trials: Trials, tool: str, sentence: str) -> None:
    """The step that sends a file is not the one that starts the run."""
    attempt = trials.measure(getattr(trials, tool), "entry-points")
    verdict = rules_of(SCENARIO.folder).judge(attempt, None, trials.pipeline("entry-points"))
    assert (verdict.word, sentence in verdict.sentence) == ("compared", True), verdict.sentence
