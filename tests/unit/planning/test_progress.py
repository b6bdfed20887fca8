"""What is said of the time that is left."""

import pytest

from bench.planning import progress


def test_what_was_measured_before_says_nothing_of_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of trials that are read in no time would promise that the rest takes none."""
    now = 1000.0
    monkeypatch.setattr("bench.planning.progress.time.monotonic", lambda: now)
    reporter = progress.Reporter(100)
    reporter.keep(90)
    assert reporter.left() == ""
    now += 30
    reporter.advance("one more")
    assert (reporter.done, reporter.left()) == (91, "about 4 min left")
