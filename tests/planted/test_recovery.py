"""The recovery scenario on a tool whose truth is known, and the control beside it."""

import errno
import sys
from pathlib import Path

import pytest

from bench import scenarios
from bench.adapters import Adapter, load
from bench.contract.driver import Definition
from bench.contract.records import Attempt, Target, Trial
from bench.contract.trial_exits import TrialSkipped
from bench.execution import faulty_disk, sandbox
from bench.execution.driver import TrialDriver
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from tests.planted.definitions import defined

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCENARIO = scenarios.load(ROOT / "scenarios" / "recovery")
CASES = sorted(set(SCENARIO.manifest.cases) - {"server-dies", "own-killed"})

ON_A_SMALL_DISK = ("no-space", "read-only")


class Trials:
    """Measures trials of the recovery scenario, the control's once for each case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keeper = load(HERE / "keeper")
        self.control = load(ROOT / "adapters" / "control")
        self.controls: dict[str, Attempt] = {}

    def verdict(self, case: str, fault: str | None = None) -> Verdict:
        """Measure a case with a fault, judge it beside the control."""
        if case not in self.controls:
            self.controls[case] = self.measure(self.control, case, None)
        attempt = self.measure(self.keeper, case, fault)
        if attempt.declared is not None and case in ON_A_SMALL_DISK:
            pytest.skip(attempt.declared.reason)
        return rules_of(SCENARIO.folder).judge(
            attempt, self.controls[case], self._definition(case).pipeline
        )

    def measure(self, adapter: Adapter, case: str, fault: str | None) -> Attempt:
        """Make one attempt in a fresh sandbox."""
        target = Target(
            tool=adapter.manifest.name,
            setup="local",
            options=(fault,) if fault else (),
            version="0",
            mode="in process",
            adapter_hash="",
            environment_hash="",
        )
        definition = self._definition(case)
        trial = Trial(
            target=target,
            scenario="recovery",
            case=case,
            pipeline=definition.pipeline.name,
            size="small",
            block=0,
            order=0,
            key=f"{adapter.manifest.name}-{case}-{fault}",
        )
        box = sandbox.make(self.folder / "sandboxes", Path(sys.executable))
        evidence = self.folder / "evidence" / f"{len(list(self.folder.glob('evidence/*')))}"
        driver = TrialDriver(trial, adapter, definition, box, evidence)
        declared = None
        try:
            SCENARIO.scenario.steps(driver, "quick")
        except TrialSkipped as error:
            declared = error.declared
        finally:
            driver.close()
            sandbox.remove(box)
        return Attempt(
            trial=trial,
            number=1,
            runs=tuple(driver.runs),
            facts=driver.facts,
            declared=declared,
            evidence=str(evidence),
        )

    def _definition(self, case: str) -> Definition:
        return defined(SCENARIO.manifest.cases[case].pipeline)


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    """Give the trials; the record is looked at again at once, for the planted one does not change."""
    module = sys.modules[type(SCENARIO.scenario).__module__]
    module.LATER_S = {"quick": 0.0}  # type: ignore[attr-defined]
    return Trials(tmp_path_factory.mktemp("trials"))


def test_every_case_has_data_and_stands_in_the_manifest() -> None:
    """The two lists are one."""
    _ = SCENARIO.scenario
    cases = sys.modules["_bench_scenario_recovery.cases"].CASES
    assert set(cases) == set(SCENARIO.manifest.cases)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_perfect_tool_gets_only_good_words(trials: Trials, case: str) -> None:
    """Otherwise the case itself would be wrong."""
    verdict = trials.verdict(case)
    assert (verdict.outcome, verdict.word) == ("measured", "recovered"), verdict.sentence


@pytest.mark.parametrize(
    ("case", "fault", "word"),
    [
        ("raises", None, "recovered"),
        ("raises", "forgets", "all over again"),
        ("raises", "forgets_one", "kept in part"),
        ("raises", "spoils", "wrong output"),
        ("raises", "hides_failures", "lost"),
        ("raises", "no_record", "lost record"),
        ("run-killed", None, "recovered"),
        ("run-killed", "claims_success", "says succeeded"),
        ("run-killed", "claims_to_run", "says running"),
        ("run-killed", "outlives", "goes on"),
        ("flaky", "ignores_settings", "ignored"),
        ("flaky", "impatient", "too early"),
        ("timeout", "ignores_settings", "ignored"),
        ("disk-full", "trusts_halves", "not recovered"),
        ("partitions-native", None, "recovered"),
        ("partitions-native", "forgets_parts", "kept in part"),
        ("partitions-native", "trusts_parts", "wrong output"),
        ("no-space", None, "recovered"),
        ("no-space", "trusts_halves", "not recovered"),
        ("read-only", None, "recovered"),
        ("read-only", "hides_failures", "lost"),
    ],
)
def test_each_planted_fault_gets_just_its_word(
    trials: Trials, case: str, fault: str | None, word: str
) -> None:
    """And all other respects of the trial are good."""
    verdict = trials.verdict(case, fault)
    values = {one.name: one.value for one in rules_of(SCENARIO.folder).words}
    assert verdict.word == word, verdict.sentence
    bad = {found for found in verdict.words.values() if values[found] < 1.0}
    assert bad == ({word} if fault else set())


@pytest.mark.parametrize(("fault", "least", "most"), [(None, 0.5, 3.0), ("hoards", 7.5, 12.0)])
def test_how_many_parts_are_in_memory_at_once_is_told(
    trials: Trials, fault: str | None, least: float, most: float
) -> None:
    """One after the other, or all eight; a text and its encoding count as two."""
    attempt = trials.measure(trials.keeper, "partitions-native", fault)
    numbers = {
        one.indicator: one.value
        for one in rules_of(SCENARIO.folder).samples(
            attempt, trials._definition("partitions-native").pipeline
        )
    }
    assert least <= numbers["parts_held"] <= most


def test_plain_python_does_all_over_again(trials: Trials) -> None:
    """It keeps nothing, and delivers the right output."""
    attempt = trials.measure(trials.control, "raises", None)
    pipeline = trials._definition("raises").pipeline
    verdict = rules_of(SCENARIO.folder).judge(attempt, attempt, pipeline)
    assert (verdict.word, verdict.words["output"]) == ("all over again", "right")


def test_a_setup_without_a_server_is_not_asked_what_its_server_does(trials: Trials) -> None:
    """And the reason says so."""
    verdict = trials.verdict("server-dies")
    assert verdict.outcome == "not attempted"
    assert "no server" in verdict.sentence


@pytest.mark.parametrize("case", ON_A_SMALL_DISK)
def test_where_nothing_can_be_mounted_its_cases_are_not_attempted(
    trials: Trials, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the reason says what to do."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(faulty_disk, "under", refuse)
    attempt = trials.measure(trials.keeper, case, None)
    assert attempt.runs == ()
    assert attempt.declared is not None
    assert attempt.declared.outcome == "not attempted"
    assert "unshare --user" in attempt.declared.reason


@pytest.mark.parametrize(("case", "refuses"), [("no-space", "ENOSPC"), ("read-only", "EROFS")])
def test_a_disk_s_fault_lasts_until_the_run_is_over_and_no_longer(
    trials: Trials, case: str, refuses: str
) -> None:
    """The first run ends in it, the one that goes on does not, and nothing of the disk is left."""
    attempt = trials.measure(trials.keeper, case, None)
    if attempt.declared is not None:
        pytest.skip(attempt.declared.reason)
    assert attempt.facts["refuses"] == refuses
    assert [run.ended.well for run in attempt.runs if run.role != "probe"] == [False, True]
    assert "/disk" not in Path("/proc/thread-self/mounts").read_text()


def test_a_tool_that_declares_no_retries_is_not_asked_for_any(trials: Trials) -> None:
    """The control is such a one; it runs without the fault all the same."""
    attempt = trials.measure(trials.control, "flaky", None)
    assert attempt.declared is not None
    assert attempt.declared.outcome == "unsupported"
    assert [run.role for run in attempt.runs] == ["verifying"]


def test_the_work_is_told_in_seconds(trials: Trials) -> None:
    """Of the stages that had ended before the fault: 0.4 and 1.0 s."""
    pipeline = trials._definition("raises").pipeline
    for fault, kept in ((None, 1.4), ("forgets", 0.0)):
        attempt = trials.measure(trials.keeper, "raises", fault)
        numbers = {one.indicator: one.value for one in rules_of(SCENARIO.folder).samples(attempt, pipeline)}
        assert numbers["work_kept"] == pytest.approx(kept, abs=0.1)
        assert numbers["work_again"] == pytest.approx(1.4 - kept, abs=0.1)
