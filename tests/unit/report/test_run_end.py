"""The end of a run says in thirty lines what was done, what was found, and how to go on."""

from pathlib import Path

import pytest

from bench.contract.records import Fault
from bench.judging.results import read
from bench.planning.request import RunRequest
from bench.report.page_data import View, viewed
from bench.report.run_end import LINES, WIDTH, text
from bench.store.result_set import Store
from tests.command_line import ROOT
from tests.unit.facts import attempt, trial
from tests.unit.report.test_sentences import SETS
from tests.unit.sets import blocks, stored

PUBLISHED = ROOT / "results" / "2026-11-27-everything"


@pytest.fixture(scope="module")
def published() -> View:
    return viewed(read(Store(PUBLISHED)))


def test_the_end_of_the_published_set_is_short_and_names_the_worst_first(published: View) -> None:
    """A wrong result comes before a crash; the report and a script of the first finding come last."""
    lines = text(published, PUBLISHED).splitlines()
    assert len(lines) <= LINES
    assert all(len(line) <= WIDTH for line in lines if not line.startswith(("Report", "See one")))
    at = lines.index("Found, the worst first")
    assert lines[at + 1].startswith(" ✗ reuses an out-of-date result: flyte[local] (9 cases)")
    assert lines[-2] == f"Report     {PUBLISHED / 'scorecard.html'}"
    assert lines[-1].startswith("See one    bench repro ")


def test_a_row_tells_of_each_target_what_matters_at_first(published: View) -> None:
    """And of the control."""
    lines = text(published, PUBLISHED).splitlines()
    assert lines[2].split() == [
        "reused",
        "rightly",
        "outdated",
        "after",
        "a",
        "kill",
        "data",
        "first",
        "line",
    ]
    rows = {line.split()[0]: line for line in lines[3:10]}
    assert rows["prefect[server]"].split() == [
        "prefect[server]",
        "30",
        "of",
        "40",
        "✗",
        "9",
        "~",
        "says",
        "running",
        "intact",
        "1.29",
        "s",
    ]
    assert "control[local]" in rows


@pytest.mark.parametrize("name", SETS)
def test_every_kind_of_set_has_an_end(name: str, tmp_path: Path) -> None:
    """One tool, no control, only errors, all failed."""
    scenarios = tuple({one.trial.scenario for one in SETS[name]})
    store = stored(tmp_path / "set", *SETS[name], scenarios=scenarios)
    lines = text(viewed(read(store)), store.folder).splitlines()
    assert len(lines) <= LINES
    assert lines[0].startswith(f"Done: {len({one.trial.key for one in SETS[name]})} test")
    assert any(line.startswith("Report     ") for line in lines)


def test_an_error_of_bench_is_told_apart_from_what_was_found(tmp_path: Path) -> None:
    """It says nothing of a tool."""
    bad = attempt(trial("one", 1), fault=Fault(where="machine", reason="the disk is full"))
    store = stored(tmp_path / "set", *blocks(1, control=1.0, one=1.0), bad)
    said = text(viewed(read(store)), store.folder)
    assert "Errors of bench or the machine, which say nothing of the tools: 1" in said
    assert "Found nothing" in said


def test_a_first_look_names_the_run_that_goes_deeper(tmp_path: Path) -> None:
    """With the same tools and scenarios."""
    asked = RunRequest("kedro,flyte", ("startup",), None, (), None, seed=0, jobs=1)
    store = stored(
        tmp_path / "set", *blocks(1, control=1.0, one=1.0), profile="smoke", request=asked.as_json()
    )
    last = text(viewed(read(store)), store.folder).splitlines()[-1]
    assert last == "Go deeper  bench run --tool kedro,flyte --scenario startup --profile quick"
