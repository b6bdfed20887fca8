"""Planted views: a tool that shows all gets only full words, and each fault gets just its own."""

import shutil
import sys
from pathlib import Path

import pytest

from bench.judging.rules import rules_of
from bench.scenarios import find, load
from tests.planted.definitions import defined
from tests.planted.visibility.looking import Looking

IN_A_BROWSER = pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium to open a page")
CONTROL = Path(__file__).parents[3] / "adapters" / "control"


@pytest.fixture
def looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Looking:
    """Give the scenario, its wait for a record to settle left out: the shower's is settled at once."""
    loaded = load(find("visibility"))
    monkeypatch.setattr(sys.modules[type(loaded.scenario).__module__], "SETTLE_S", 0.0)
    return Looking(tmp_path, loaded)


@pytest.mark.parametrize(
    "case",
    ["lines", "failure", "live", "progress", "graph", "handed-on", "report", "volume", "long-line"],
)
def test_a_tool_that_shows_all_gets_only_full_words(looking: Looking, case: str) -> None:
    """So the cases themselves are right."""
    verdict = looking.judge(case)
    assert (verdict.outcome, verdict.word) == ("measured", "all shown"), verdict.sentence
    values = {word.name: word.value for word in rules_of(looking.loaded.folder).words}
    assert {values[word] for word in verdict.words.values()} == {1.0}


@pytest.mark.parametrize(
    ("case", "fault", "words"),
    [
        ("lines", "drops", {"kept print": "in part"}),
        ("lines", "reorders", {"terminal order": "out of order"}),
        ("failure", "hides", {"line": "not shown", "kept error": "in part"}),
        ("failure", "unnumbered", {"line": "text only", "kept error": "in part"}),
        (
            "failure",
            "forgets",
            dict.fromkeys(
                ("kept print", "kept logging", "kept warnings", "kept native", "kept error"), "not shown"
            ),
        ),
        ("live", "ahead", {"stage now asked": "wrong"}),
        ("live", "forgets", {"stage now asked": "not shown", "log so far": "not shown"}),
        ("progress", "stuck", {"progress": "stands still"}),
        ("progress", "late", {"progress": "behind"}),
        ("progress", "boasts", {"progress": "wrong"}),
        ("progress", "forgets", {"progress": "not shown"}),
        ("graph", "lacks_edge", {"graph": "lacks edges"}),
        ("graph", "lacks_node", {"graph": "lacks nodes"}),
        ("graph", "chains", {"graph": "order only"}),
        ("graph", "invents", {"graph": "wrong"}),
        ("handed-on", "invents", {"graph": "wrong"}),
        ("graph", "forgets", {"graph": "not shown"}),
        ("report", "one_page", {"page of a run": "wrong", "older page": "not shown"}),
        ("report", "mistakes", {"page of a run": "wrong"}),
        ("volume", "cuts", {"kept": "cut"}),
        ("long-line", "cuts", {"kept": "cut"}),
        pytest.param(
            "ui",
            "blank",
            {"failed task in the UI": "not shown", "error in the UI": "not shown"},
            marks=IN_A_BROWSER,
        ),
        pytest.param(
            "ui",
            "nameless",
            {"run in the UI": "not shown", "error in the UI": "not shown"},
            marks=IN_A_BROWSER,
        ),
    ],
)
def test_each_planted_fault_gets_just_its_word(
    looking: Looking, case: str, fault: str, words: dict[str, str]
) -> None:
    """And all else that was looked for is shown."""
    verdict = looking.judge(case, fault)
    values = {word.name: word.value for word in rules_of(looking.loaded.folder).words}
    assert {name: word for name, word in verdict.words.items() if values[word] < 1.0} == words
    assert (verdict.word == "wrong") == ("wrong" in words.values()), verdict.sentence


def test_a_log_with_the_lines_of_another_task_is_wrong(looking: Looking) -> None:
    """Who reads it looks for the fault in the wrong place."""
    verdict = looking.judge("lines", "mixes")
    assert {verdict.words[f"kept {kind}"] for kind in ("print", "logging", "native")} == {"wrong"}
    assert verdict.outcome == "failed"


def test_a_stage_that_went_through_without_being_held_says_nothing_of_a_tool(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looked at it while it was at work."""
    monkeypatch.setattr(sys.modules[type(looking.loaded.scenario).__module__], "HELD_IN", (7,))
    assert looking.judge("progress").outcome == "error"


def test_how_much_of_a_log_is_kept_is_counted(looking: Looking) -> None:
    """The first 64 kB hold 655 lines of 100 bytes."""
    pipeline = defined("poured").pipeline
    attempt = looking.attempt("volume", "cuts")
    counts = {
        one.indicator: one.value for one in rules_of(looking.loaded.folder).samples(attempt, pipeline)
    }
    assert (counts["lines_terminal"], counts["lines_kept"]) == (10_000, 655)


def test_plain_python_shows_in_the_terminal_and_keeps_nothing(looking: Looking) -> None:
    """It declares that it keeps no record of runs."""
    pipeline = defined("told").pipeline
    verdict = rules_of(looking.loaded.folder).judge(
        looking.attempt("failure", None, CONTROL), None, pipeline
    )
    kept = {word for name, word in verdict.words.items() if name.startswith("kept")}
    shown = {word for name, word in verdict.words.items() if name.startswith("terminal")}
    assert (kept, shown) == ({"unsupported"}, {"shown", "in order"})
    assert [verdict.words[name] for name in ("stage", "exception", "line")] == ["shown"] * 3
