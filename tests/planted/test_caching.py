"""The caching matrix on a tool whose truth is known, and the control beside it."""

import signal
import sys
from pathlib import Path

import msgspec
import pytest

from bench import scenarios
from bench.adapters import Adapter, load
from bench.contract.driver import Definition
from bench.contract.records import Attempt, Target, Trial
from bench.environments import pipeline_catalog
from bench.execution import sandbox
from bench.execution.driver import TrialDriver
from bench.judging.rules import rules_of
from bench.judging.verdicts import Verdict
from tests.planted.definitions import defined

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCENARIO = scenarios.load(ROOT / "scenarios" / "caching")
STEPS = sys.modules[type(SCENARIO.scenario).__module__]
"""Taken at once: whoever loads the scenario again puts another module there."""
HITS = ("unchanged", "frame-anew", "large", "parameter-back", "file-moved")
CASES = sys.modules["_bench_scenario_caching.cases"].CASES
OWN = sys.modules["_bench_scenario_caching.cases"].OWN
EDITED = [name for name, case in CASES.items() if case.edited and case.forces]
MUST_RUN = ("body", "helper-same-module", "helper-other-module", "constant", "default-argument")


class Matrix:
    """Measures trials of the caching scenario, the control's once for each case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = {
            "cacher": load(HERE / "cacher"),
            "control": load(ROOT / "adapters" / "control"),
        }
        self.controls: dict[str, Attempt] = {}

    def word(self, case: str, fault: str | None = None) -> str:
        """Return the word of a trial."""
        return self.verdict(case, fault).word

    def verdict(self, case: str, fault: str | None = None) -> Verdict:
        """Measure a case with a fault, judge it beside the control."""
        return self.judged(self.attempt(case, fault))

    def attempt(self, case: str, fault: str | None = None) -> Attempt:
        """Measure a case with a fault, the control's trial before it."""
        if case not in self.controls:
            self.controls[case] = self._measure(self.tools["control"], case, None)
        return self._measure(self.tools["cacher"], case, fault)

    def judged(self, attempt: Attempt) -> Verdict:
        """Judge an attempt beside the control's."""
        case = attempt.trial.case
        return rules_of(SCENARIO.folder).judge(
            attempt, self.controls[case], self._definition(case).pipeline
        )

    def control(self, case: str) -> Verdict:
        """Return what is said of the control itself."""
        self.verdict(case)
        pipeline = self._definition(case).pipeline
        return rules_of(SCENARIO.folder).judge(self.controls[case], self.controls[case], pipeline)

    def _definition(self, case: str) -> Definition:
        return defined(SCENARIO.manifest.cases[case].pipeline)

    def _measure(self, adapter: Adapter, case: str, fault: str | None) -> Attempt:
        name = adapter.manifest.name
        target = Target(
            tool=name,
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
            scenario="caching",
            case=case,
            pipeline=definition.pipeline.name,
            size="small",
            block=0,
            order=0,
            key=f"{name}-{case}-{fault}",
        )
        box = sandbox.make(self.folder / "sandboxes", Path(sys.executable))
        evidence = self.folder / "evidence" / f"{len(list(self.folder.glob('evidence/*')))}"
        driver = TrialDriver(trial, adapter, definition, box, evidence)
        pipeline_catalog.place_data(definition, "small", self.folder / "cache", box.data)
        try:
            SCENARIO.scenario.steps(driver, "standard")
        finally:
            sandbox.remove(box)
        return Attempt(
            trial=trial, number=1, runs=tuple(driver.runs), facts=driver.facts, evidence=str(evidence)
        )


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """Give the matrix."""
    return Matrix(tmp_path_factory.mktemp("matrix"))


def test_every_case_has_data_and_stands_in_the_manifest() -> None:
    """The two lists are one."""
    own = {name for name, case in SCENARIO.manifest.cases.items() if case.own}
    assert set(CASES) == set(SCENARIO.manifest.cases) - own
    assert set(OWN) == own


def perfect(case: str) -> str:
    """Return the word that a perfect cache has to get: by what the case is, not by what it was seen to get."""
    about = CASES[case]
    by_kind = {
        **dict.fromkeys(("deleted", "truncated", "replaced"), "noticed"),
        "together": "once",
        "visible": "told",
        "raised": "right run",
        "expired": "right run",
        "killed at start": "right run",
        "killed at end": "acceptable",
        "killed in entry": "acceptable",
    }
    if about.kind in by_kind:
        return by_kind[about.kind]
    return "right run" if about.forces or case == "same-arguments" else "right hit"


# But for another Python: the planted tool's lock is empty, so no other one has its libraries.
@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(set(CASES) - {"python"}))
def test_a_perfect_cache_gets_just_the_right_word(matrix: Matrix, case: str) -> None:
    """Otherwise the case itself would be wrong."""
    verdict = matrix.verdict(case)
    assert verdict.word == perfect(case), verdict.sentence


@pytest.mark.parametrize("case", HITS)
def test_what_a_perfect_cache_reuses_is_a_right_hit(matrix: Matrix, case: str) -> None:
    assert matrix.word(case) == "right hit"


@pytest.mark.parametrize("case", HITS[:3])
def test_a_tool_that_never_reuses_wastes_what_could_be_reused(matrix: Matrix, case: str) -> None:
    assert matrix.word(case, "never") == "wasted"
    assert "right hit" not in matrix.verdict(case, "never").words.values()


def test_the_control_never_reuses_anything(matrix: Matrix) -> None:
    verdict = matrix.control("unchanged")
    assert verdict.word == "wasted"
    assert set(verdict.words.values()) == {"wasted"}


@pytest.mark.parametrize("case", MUST_RUN)
def test_a_cache_that_does_not_look_at_the_code_is_stale(matrix: Matrix, case: str) -> None:
    verdict = matrix.verdict(case, "blind_to_code")
    assert verdict.word == "stale", verdict.sentence
    assert verdict.outcome == "failed"


def test_a_stale_stage_is_named_and_the_others_are_not(matrix: Matrix) -> None:
    words = matrix.verdict("helper-other-module", "blind_to_code").words
    assert {stage for stage, word in words.items() if word == "stale"} == {"summarise"}


def test_a_cache_that_does_not_look_at_values_is_stale(matrix: Matrix) -> None:
    assert matrix.word("parameter", "blind_to_values") == "stale"
    assert matrix.word("file-content", "blind_to_values") == "stale"
    assert matrix.word("dtype", "blind_to_values") == "stale"


@pytest.mark.parametrize(
    ("case", "word"),
    [
        ("body", "right run"),
        ("helper-other-module", "right run"),
        ("stage-renamed", "acceptable"),
        ("order", "right hit"),
        ("file-content", "stale"),
    ],
)
def test_a_tool_that_is_told_what_to_run_again_is_told_the_stage_that_was_edited(
    matrix: Matrix, case: str, word: str
) -> None:
    """Only that: nobody tells it of a file that has changed, nor of stages that changed places."""
    verdict = matrix.verdict(case, "named")
    assert verdict.word == word, verdict.sentence


def test_every_case_that_edits_the_stages_says_which_one() -> None:
    """All but two stages that change places: no stage is edited by that."""
    edited = {
        name
        for name, case in CASES.items()
        if any(edit.file != "reuse.py" for situation in case.situations for edit in situation.edits)
    }
    assert edited == {name for name, case in CASES.items() if case.edited}


@pytest.mark.slow
@pytest.mark.parametrize("case", EDITED)
def test_the_stage_that_is_named_is_the_first_that_an_edit_changes(matrix: Matrix, case: str) -> None:
    """As the control's own results show it."""
    matrix.attempt(case)
    runs = matrix.controls[case].runs
    before, after = runs[0].delivered, runs[-1].delivered
    changes = [
        key.partition(".")[0]
        for key, digest in after.items()
        if key not in before or before[key].strict != digest.strict
    ]
    assert changes[0] == CASES[case].edited


def test_a_stage_that_is_not_kept_is_wasted_and_only_that_one(matrix: Matrix) -> None:
    verdict = matrix.verdict("unchanged", "forgetful")
    assert verdict.words == {
        "read_numbers": "right hit",
        "entitle": "right hit",
        "scale": "wasted",
        "summarise": "right hit",
    }
    assert verdict.word == "wasted"


def test_a_stage_that_ran_and_delivered_something_else_is_wrong(matrix: Matrix) -> None:
    verdict = matrix.verdict("body", "wrong")
    assert verdict.words["summarise"] == "wrong"
    assert verdict.word == "wrong"


@pytest.mark.parametrize("case", ["deleted", "truncated", "replaced"])
def test_a_spoilt_entry_that_is_found_out_is_noticed(matrix: Matrix, case: str) -> None:
    assert matrix.word(case) == "noticed"


@pytest.mark.parametrize("case", ["deleted", "truncated", "replaced"])
def test_a_tool_that_never_reuses_has_noticed_nothing(matrix: Matrix, case: str) -> None:
    """It makes the result anew whatever was done to the stored one."""
    assert matrix.word(case, "never") == "nothing reused"


@pytest.mark.slow
def test_a_second_run_that_cannot_be_believed_is_an_error(matrix: Matrix) -> None:
    """One of two at once is not enough."""
    good = matrix.attempt("two-at-once")
    one = msgspec.structs.replace(good, runs=good.runs[:1])
    broken = [msgspec.structs.replace(run, trace_broken="lost") for run in good.runs]
    for attempt in (one, msgspec.structs.replace(good, runs=tuple(broken))):
        assert matrix.judged(attempt).outcome == "error"


def test_a_spoilt_entry_that_is_delivered_is_garbage(matrix: Matrix) -> None:
    assert matrix.word("truncated", "trusting") == "served garbage"


def test_a_spoilt_entry_may_end_the_run(matrix: Matrix) -> None:
    assert matrix.word("replaced", "fragile") == "crashed"


@pytest.mark.slow
def test_an_entry_that_is_reused_when_its_time_is_over_is_stale(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that is never reused has not kept to any time."""
    monkeypatch.setattr(STEPS, "EXPIRED_S", 1.0)
    assert matrix.word("expired", "undying") == "stale"
    assert matrix.word("expired", "never") == "nothing reused"


def test_two_runs_at_once_do_the_work_once_with_a_lock(matrix: Matrix) -> None:
    assert matrix.word("two-at-once", "racing") == "ran twice"


@pytest.mark.slow
def test_a_lock_that_a_killed_run_left_blocks_the_next(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(STEPS, "BLOCKED_S", 3.0)
    assert matrix.word("killed-in-body", "deaf") == "blocked"


def test_half_an_entry_that_a_killed_run_left_is_garbage_where_it_is_delivered(matrix: Matrix) -> None:
    verdict = matrix.verdict("killed-in-entry", "torn")
    assert verdict.word == "served garbage", verdict.sentence
    assert verdict.outcome == "failed"


def test_half_an_entry_may_end_the_next_run(matrix: Matrix) -> None:
    assert matrix.word("killed-in-entry", "fragile") == "crashed"


def test_an_entry_that_is_whole_or_not_there_survives_a_kill(matrix: Matrix) -> None:
    """It was felt: the process that wrote it was ended by the signal."""
    attempt = matrix.attempt("killed-in-entry")
    assert attempt.runs[0].ended.signal == signal.SIGXFSZ
    assert matrix.judged(attempt).word == "acceptable"


def test_where_nothing_is_stored_nothing_can_be_left_by_halves(matrix: Matrix) -> None:
    """The control hands its values on in memory."""
    assert matrix.control("killed-in-entry").word == "nothing stored"


def test_a_user_is_told_of_a_hit_or_not(matrix: Matrix) -> None:
    assert matrix.word("visible") == "told"
    assert matrix.word("visible", "silent") == "not told"
    assert matrix.word("visible", "never") == "nothing reused"


def test_exit_code_0_without_output_is_a_crash_also_of_a_spoilt_entry(matrix: Matrix) -> None:
    """An exit code is not believed."""
    verdict = matrix.verdict("truncated", "shrugs")
    assert (verdict.outcome, verdict.word) == ("failed", "crashed")


def test_exit_code_0_without_output_is_a_crash_also_of_two_runs_at_once(matrix: Matrix) -> None:
    """One of the two delivered nothing."""
    verdict = matrix.verdict("two-at-once", "gives_up")
    assert (verdict.outcome, verdict.word) == ("failed", "crashed")
    assert "exit code 0" in verdict.sentence


def test_a_stale_stage_that_the_case_does_not_ask_about_is_told(matrix: Matrix) -> None:
    """The stage that is asked about is reused rightly beside it."""
    verdict = matrix.verdict("frame-anew", "stale_beside")
    assert (verdict.outcome, verdict.word) == ("failed", "stale")
    assert verdict.words == {"describe": "right hit", "spell": "stale"}
    assert "the case does not ask about spell" in verdict.sentence


def test_the_delivered_files_are_compared_in_every_case(matrix: Matrix) -> None:
    """Every stage was given the right values, and what lies there in the end is wrong."""
    verdict = matrix.verdict("frame-anew", "loses_the_end")
    assert (verdict.outcome, verdict.word) == ("failed", "wrong")
    assert "differs from the control's" in verdict.sentence
