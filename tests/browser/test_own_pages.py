"""visibility/ui on a planted tool whose page is known, in a real browser."""

import sys
from pathlib import Path

import pytest

from bench.judging.rules import rules_of
from bench.scenarios import find, load
from tests.planted.definitions import defined
from tests.planted.visibility.looking import Looking


@pytest.fixture
def looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Looking:
    """Give the scenario, without its wait for a record to settle."""
    loaded = load(find("visibility"))
    monkeypatch.setattr(sys.modules[type(loaded.scenario).__module__], "SETTLE_S", 0.0)
    return Looking(tmp_path, loaded)


def test_what_a_page_shows_is_found_and_pictures_of_it_are_kept(looking: Looking) -> None:
    """The run and the failed task stand on it as it opens, the error after a click on the task."""
    attempt = looking.attempt("ui")
    verdict = rules_of(looking.loaded.folder).judge(attempt, None, defined("told").pipeline)
    assert (verdict.word, set(verdict.words.values())) == ("all shown", {"shown"})
    pictures = {path.name: path.read_bytes()[:4] for path in looking.folder.glob("evidence/*/*-page/*.png")}
    assert pictures == dict.fromkeys(("opened.png", "clicked.png"), b"\x89PNG")


def test_without_a_page_nothing_is_shown(looking: Looking) -> None:
    """And no browser is started."""
    verdict = looking.judge("ui", "forgets")
    assert verdict.word == "nothing shown"
    assert not list(looking.folder.glob("evidence/*/*-page"))
