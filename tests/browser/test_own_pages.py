"""visibility/ui on a planted tool whose page is known, in a real browser."""

import sys
from pathlib import Path

import pytest

from bench.scenarios import find, load
from tests.planted.visibility.looking import Looking, loaded_pipeline


@pytest.fixture
def looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Looking:
    """Give the scenario, without its wait for a record to settle."""
    loaded = load(find("visibility"))
    monkeypatch.setattr(sys.modules[type(loaded.scenario).__module__], "SETTLE_S", 0.0)
    return Looking(tmp_path, loaded)


def test_what_a_page_shows_is_found_and_a_picture_of_it_is_kept(looking: Looking) -> None:
    """The run, the failed task and its error stand on it."""
    attempt = looking.attempt("ui")
    verdict = looking.loaded.judging.judge(attempt, None, loaded_pipeline("told").pipeline)
    assert (verdict.word, set(verdict.words.values())) == ("all shown", {"shown"})
    pictures = list(looking.folder.glob("evidence/*/*-page/picture.png"))
    assert [picture.read_bytes()[:4] for picture in pictures] == [b"\x89PNG"]


def test_without_a_page_nothing_is_shown(looking: Looking) -> None:
    """And no browser is started."""
    verdict = looking.judge("ui", "forgets")
    assert verdict.word == "nothing shown"
    assert not list(looking.folder.glob("evidence/*/*-page"))
