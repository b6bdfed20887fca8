"""Planted records: a tool that keeps all is right in all, and each fault gets just its word."""

import dataclasses
import sys
from pathlib import Path

import pytest

from bench.contract.trial_exits import TrialSkipped
from bench.environments import environment
from bench.environments.environment import Environment
from bench.scenarios import find, load
from tests.planted.metadata.asking import Asking


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Give the scenario, its waits for a record to settle left out: the keeper's is settled at once."""
    loaded = load(find("metadata"))
    module = sys.modules[type(loaded.scenario).__module__]
    monkeypatch.setattr(module, "SETTLE_S", 0.0)
    asked = {
        case: tuple(dataclasses.replace(one, wait=0.0) for one in questions)
        for case, questions in module.QUESTIONS.items()
    }
    monkeypatch.setattr(module, "QUESTIONS", asked)
    monkeypatch.setattr(environment, "earlier", lambda *_: earlier(tmp_path / "earlier"))
    return Asking(tmp_path, loaded)


def earlier(folder: Path) -> Environment:
    """Return the environment of the version before: this Python, which tells the keeper that it is that."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nKEEPER_EARLIER=1 exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return Environment("keeper", python, folder, "", "1", {}, 0.0, 0, "")


@pytest.mark.parametrize(
    "case",
    [
        *("succeeded", "failed", "retried", "killed", "fanned"),
        *("moved", "upgrade", "tagged", "deleted", "history"),
    ],
)
def test_a_tool_that_keeps_all_is_right_in_all(asking: Asking, case: str) -> None:
    """So the cases themselves are right."""
    verdict = asking.judge(case)
    assert (verdict.outcome, verdict.word) == ("measured", "right"), verdict.sentence
    assert set(verdict.words.values()) == {"right"}


def test_a_record_that_is_lost_is_none(asking: Asking) -> None:
    """Nothing is told, and nothing that is not so."""
    verdict = asking.judge("brief", "loses")
    assert (verdict.word, set(verdict.words.values())) == ("none", {"none"}), verdict.sentence


def test_a_record_that_an_upgrade_leaves_behind_is_none(asking: Asking) -> None:
    """The version before wrote it, and the one that is asked does not find it; nothing is lied about."""
    verdict = asking.judge("upgrade", "astray")
    assert verdict.word == "none", verdict.sentence
    assert set(verdict.words.values()) == {"none"}


def test_a_record_that_is_misread_after_an_upgrade_is_wrong(asking: Asking) -> None:
    """And only what is misread; the sentence tells the versions."""
    verdict = asking.judge("upgrade", "misread")
    assert verdict.word == "wrong", verdict.sentence
    assert {name for name, word in verdict.words.items() if word != "right"} == {"its parameters"}
    assert "written by 1, asked of 0" in verdict.sentence


def test_without_a_version_before_the_upgrade_is_not_attempted(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An adapter may name none."""
    monkeypatch.setattr(environment, "earlier", lambda *_: None)
    with pytest.raises(TrialSkipped) as ended:
        asking.attempt("upgrade")
    assert ended.value.declared.outcome == "not attempted"
    assert "names no previous minor version" in ended.value.declared.reason


def test_answers_that_are_not_true_are_wrong(asking: Asking) -> None:
    """And only those: the state was told as it is."""
    verdict = asking.judge("brief", "lies")
    assert (verdict.outcome, verdict.word) == ("failed", "wrong"), verdict.sentence
    assert dict(verdict.words) == {
        "state of a run": "right",
        "its parameters": "wrong",
        "a table of it": "wrong",
    }


def test_a_record_in_the_project_is_none(asking: Asking) -> None:
    """The project is gone when the questions are asked."""
    verdict = asking.judge("brief", "in_project")
    assert (verdict.word, set(verdict.words.values())) == ("none", {"none"}), verdict.sentence


def test_a_killed_run_that_is_told_as_succeeded_is_wrong(asking: Asking) -> None:
    """The other answers about it are right."""
    verdict = asking.judge("killed", "hasty")
    assert verdict.word == "wrong", verdict.sentence
    wrong = {name for name, word in verdict.words.items() if word != "right"}
    assert wrong == {"state of a run"}


def test_mapped_tasks_that_are_not_recorded_for_good_are_wrong(asking: Asking) -> None:
    """Before that they may only be late."""
    verdict = asking.judge("fanned", "sparse")
    assert verdict.word == "wrong"
    assert list(verdict.words.values()) == ["partial", "partial", "partial", "wrong"]
    assert "10 of 20" in verdict.sentence


def test_an_answer_that_lacks_something_is_partial(asking: Asking) -> None:
    """The sentence says what."""
    verdict = asking.judge("brief", "narrow")
    assert verdict.words["its parameters"] == "partial"
    assert "fails, seed" in verdict.sentence
