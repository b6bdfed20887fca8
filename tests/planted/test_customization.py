"""The customization scenario on a tool whose truth is known, and the control beside it."""

import sys
from pathlib import Path

import pytest

from bench import scenarios
from bench.adapters import Adapter, load
from bench.contract.records import Attempt, Target, Trial
from bench.contract.trial_exits import TrialFault, TrialSkipped
from bench.execution import sandbox
from bench.execution.driver import TrialDriver
from bench.judging.rules import rules_of
from bench.judging.verdicts import Sample, Verdict
from tests import shared

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCENARIO = scenarios.load(ROOT / "scenarios" / "customization")
DEFINITION = shared.definition("adapting")
PIPELINE = DEFINITION.pipeline


class Trials:
    """Measures trials of the scenario, each once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tunable = load(HERE / "tunable")
        self.control = load(ROOT / "adapters" / "control")
        self.attempts: dict[tuple[str, str, str | None, bool], Attempt] = {}

    def verdict(self, case: str, fault: str | None = None, *, traced: bool = True) -> Verdict:
        """Measure a case with a fault, judge it beside the control."""
        control = self.measure(self.control, case, None)
        return rules_of(SCENARIO.folder).judge(
            self.measure(self.tunable, case, fault, traced=traced), control, PIPELINE
        )

    def measure(self, adapter: Adapter, case: str, fault: str | None, *, traced: bool = True) -> Attempt:
        """Return the one attempt of a kind, made in a fresh sandbox when it is first asked for."""
        kind = (adapter.manifest.name, case, fault, traced)
        if kind not in self.attempts:
            self.attempts[kind] = self._made(adapter, case, fault, traced=traced)
        return self.attempts[kind]

    def _made(self, adapter: Adapter, case: str, fault: str | None, *, traced: bool) -> Attempt:
        target = Target(
            tool=adapter.manifest.name,
            setup="local",
            options=(fault,) if fault else (),
            version="0",
            mode="in process",
            adapter_hash="",
            environment_hash="",
        )
        trial = Trial(
            target=target,
            scenario="customization",
            case=case,
            pipeline="adapting",
            size="small",
            block=0,
            order=0,
            key=f"{len(self.attempts)}",
        )
        box = sandbox.make(self.folder / "sandboxes", Path(sys.executable))
        evidence = self.folder / "evidence" / trial.key
        driver = TrialDriver(trial, adapter, DEFINITION, box, evidence, traced=traced)
        declared = None
        try:
            SCENARIO.scenario.steps(driver, "quick")
        except TrialSkipped as error:
            declared = error.declared
        finally:
            sandbox.remove(box)
        return Attempt(
            trial=trial,
            number=1,
            runs=tuple(driver.runs),
            facts=driver.facts,
            declared=declared,
            evidence=str(evidence),
        )


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trials"))


def test_every_case_has_its_runs_and_its_check() -> None:
    """The three lists are one."""
    rules_of(SCENARIO.folder)
    cases = sys.modules["_bench_scenario_customization.cases"].CASES
    checks = sys.modules["_bench_scenario_customization.checks"].CHECKS
    assert set(cases) == set(checks) == set(SCENARIO.manifest.cases)


@pytest.mark.parametrize(
    ("case", "fault", "effect", "rest"),
    [
        ("retries", None, "takes effect", "as before"),
        ("retries", "ignores_retries", "ignored", "as before"),
        ("retries", "says_so", "refused", "as before"),
        ("retries", "impatient", "partly", "as before"),
        ("retries", "alters", "takes effect", "breaks"),
        ("retries", "crashes", "ignored", "breaks"),
        ("timeout", None, "takes effect", "as before"),
        ("fan-out", None, "takes effect", "as before"),
        ("limited-concurrency", None, "takes effect", "as before"),
        ("limited-concurrency", "unlimited", "ignored", "as before"),
        pytest.param("limited-concurrency", "serial", "partly", "as before", marks=pytest.mark.slow),
        ("condition", None, "takes effect", "as before"),
        ("condition", "runs_both_sides", "ignored", "as before"),
        ("new-stage", None, "takes effect", "as before"),
        ("new-stage", "leaves_out", "ignored", "as before"),
    ],
)
def test_each_planted_truth_gets_just_its_words(
    trials: Trials, case: str, fault: str | None, effect: str, rest: str
) -> None:
    """What the change does, and what became of all else."""
    verdict = trials.verdict(case, fault)
    assert dict(verdict.words) == {"effect": effect, "rest": rest}, verdict.sentence
    good = effect in ("takes effect", "partly") and rest == "as before"
    assert verdict.outcome == ("measured" if good else "failed")


def test_a_tool_that_reuses_by_default_feels_the_planted_fault_in_every_run(trials: Trials) -> None:
    """Each run starts from fresh state, so that nothing of a run before hides the fault."""
    verdict = trials.verdict("retries", "reuses")
    assert dict(verdict.words) == {"effect": "takes effect", "rest": "as before"}, verdict.sentence


def test_a_planted_fault_that_was_not_felt_is_an_error_and_not_ignored(trials: Trials) -> None:
    """The stage that has it never ran, because its result came from elsewhere."""
    verdict = trials.verdict("retries", "reuses_everywhere")
    assert (verdict.outcome, verdict.word) == ("error", "error")
    assert "the planted fault was not felt: in the run 'flaky'" in verdict.sentence


@pytest.mark.slow
def test_a_limit_of_time_that_is_ignored_is_seen(trials: Trials) -> None:
    """The body goes on for its twelve seconds, and the run ends well."""
    assert trials.verdict("timeout", "ignores_timeout").word == "ignored"


@pytest.mark.parametrize(
    ("case", "fault"),
    [("retries", "ignores_retries"), ("condition", "runs_both_sides"), ("condition", "crashes")],
)
def test_a_run_without_the_tracer_shows_the_same(trials: Trials, case: str, fault: str) -> None:
    """So what failed can be confirmed."""
    traced, bare = trials.verdict(case, fault), trials.verdict(case, fault, traced=False)
    assert bare.shows(traced.word), bare.sentence


def test_the_size_of_an_edit_is_counted(trials: Trials) -> None:
    """One scalar in place of another: one token more, one less."""
    attempt = trials.measure(trials.tunable, "retries", None)
    numbers = {one.indicator: one.value for one in rules_of(SCENARIO.folder).samples(attempt, PIPELINE)}
    assert numbers == {"tokens": 2.0, "files": 1.0, "lines": 2.0}
    assert all(isinstance(one, Sample) for one in rules_of(SCENARIO.folder).samples(attempt, PIPELINE))


def test_what_a_tool_lacks_is_declared_and_not_run(trials: Trials) -> None:
    """With the reason of its own file."""
    verdict = trials.verdict("gpu")
    assert (verdict.outcome, verdict.sentence) == ("unsupported", "it knows none")


def test_the_control_is_the_truth_for_what_the_change_alters(trials: Trials) -> None:
    """It is run before the edit and after it."""
    attempt = trials.measure(trials.control, "swap-model", None)
    verdict = rules_of(SCENARIO.folder).judge(attempt, attempt, PIPELINE)
    assert verdict.word == "takes effect"
    assert set(attempt.facts["trials"]) == {"before 2026-01-07", "after"}
    before, after = (attempt.runs[at] for at in attempt.facts["trials"].values())
    assert before.result_digest != after.result_digest


def test_a_command_of_an_edit_that_cannot_start_is_a_fault_and_no_word_of_the_tool(trials: Trials) -> None:
    """It is told where the trial is, and not as a traceback of a thread."""
    with pytest.raises(
        TrialFault, match=r"adapter 'tunable': the command could not be started: .*no-such-program"
    ):
        trials.measure(trials.tunable, "approval", None)
