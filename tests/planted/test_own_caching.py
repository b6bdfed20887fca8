"""A user's own pipeline in the caching matrix, on a tool whose truth is known, and the control beside it."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from bench.adapters import load
from bench.contract.driver import Definition
from bench.execution import own_turns
from bench.judging.rules import rules_of
from tests import own
from tests.planted.test_caching import ROOT, SCENARIO, Matrix

WANTED = {"stages": 1, "helpers": 1, "parameters": 1, "files": 1}


class OwnMatrix(Matrix):
    """Measures the small pipeline of a user."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        source = folder / "user"
        source.mkdir()
        found = own.definition(source)
        control = load(ROOT / "adapters" / "control")
        facts = own_turns.find(found, control, folder / "cache", WANTED, 60.0)  # type: ignore[arg-type]
        self.own = replace(found, own=facts)

    def _definition(self, case: str) -> Definition:
        return self.own


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> OwnMatrix:
    """Give the matrix."""
    return OwnMatrix(tmp_path_factory.mktemp("own"))


@pytest.mark.parametrize(
    ("case", "word"),
    [
        ("own-unchanged", "right hit"),
        ("own-stage", "right run"),
        ("own-helper", "right run"),
        ("own-parameter", "right run"),
        ("own-file", "right run"),
    ],
)
def test_a_perfect_cache_runs_what_has_to_and_nothing_else(matrix: OwnMatrix, case: str, word: str) -> None:
    """The stage that publishes runs in each run: nobody asked for its reuse."""
    verdict = matrix.verdict(case)
    worst = {"right run", "right hit"}
    assert verdict.outcome == "measured", verdict.sentence
    assert set(verdict.words.values()) <= worst, verdict.words
    assert verdict.words["read"] == ("right run" if case == "own-file" else "right hit")
    if word == "right run":
        assert verdict.words["scale"] == "right run"


@pytest.mark.parametrize(
    ("case", "fault", "word"),
    [
        ("own-stage", "blind_to_code", "stale"),
        ("own-helper", "blind_to_code", "stale"),
        ("own-parameter", "blind_to_values", "stale"),
        ("own-file", "blind_to_values", "stale"),
        ("own-unchanged", "never", "wasted"),
        ("own-stage", "never", "wasted"),
    ],
)
def test_a_planted_fault_gets_its_word(matrix: OwnMatrix, case: str, fault: str, word: str) -> None:
    """And the sentence names the change and the stage."""
    verdict = matrix.verdict(case, fault)
    assert verdict.word == word, verdict.sentence
    stage = "read" if word == "wasted" or case == "own-file" else "scale"
    assert stage in verdict.sentence
    if case != "own-unchanged":
        assert "after the change '" in verdict.sentence


def test_the_control_is_not_judged_by_its_reuse(matrix: OwnMatrix) -> None:
    """It runs everything in each run, and delivers what is right."""
    assert matrix.control("own-stage").word == "wasted"


def test_an_untraced_run_says_nothing_against_a_change_that_shows_in_no_file(matrix: OwnMatrix) -> None:
    """Otherwise a stale stage would be taken for a fault of the tracer."""
    case = "own-stage"
    matrix.verdict(case)
    control = matrix.controls[case]
    runs = [
        msgspec.structs.replace(one, result_digest=control.runs[0].result_digest) for one in control.runs
    ]
    silent = msgspec.structs.replace(control, runs=tuple(runs))
    untraced = [
        msgspec.structs.replace(one, traced=False, bodies=()) for one in runs if one.role != "reused"
    ]
    attempt = msgspec.structs.replace(silent, runs=tuple(untraced))
    judge = rules_of(SCENARIO.folder).judge
    assert judge(attempt, silent, matrix.own.pipeline).shows("stale")
    seen = msgspec.structs.replace(
        attempt,
        runs=tuple(
            msgspec.structs.replace(one, traced=False, bodies=())
            for one in control.runs
            if one.role != "reused"
        ),
    )
    assert not judge(seen, control, matrix.own.pipeline).shows("stale")
