"""Scenarios keep the contract, or are refused in one line."""

import sys
from pathlib import Path

import pytest

from bench import scenarios
from bench.contract.published_figures import read as read_published
from bench.contract.scenario_manifest import read_manifest
from bench.environments import pipeline_catalog
from bench.environments.pipeline_extraction import extract
from bench.errors import ScenarioError
from bench.judging.rules import rules_of

MANIFEST = """
name = "speed"
question = "How fast?"
criterion = "speed"
timed = true

[[indicators]]
id = "whole_run"
title = "whole run"
unit = "s"
direction = "lower"
meaning = "All of it."

[fits.per_task]
title = "a task"
at_zero = "start-up"
over = "tasks"
unit = "s"
indicator = "whole_run"
direction = "lower"
meaning = "Of each task."
cases = { one = 1, ten = 10 }

[cases.one]
pipeline = "chain_1"
what = "one"

[cases.ten]
pipeline = "chain_10"
what = "ten"

[profiles.quick]
one = { interim_checks = [1] }
"""

FIGURE = """
[[figures]]
beside = "fibonacci-33"
workload = "ten tasks"
tool = "Prefect"
version = "2.14.4"
figure = 15.489
unit = "s"
source = "https://example.org/figures"
date = "2025"
"""


def refused(folder: Path, old: str, new: str) -> str:
    """Return the one line with which a manifest is refused, after an edit."""
    assert old in MANIFEST
    place = folder / "speed"
    place.mkdir()
    (place / "scenario.toml").write_text(MANIFEST.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        read_manifest(place)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_fit_over_an_unknown_case_is_refused(tmp_path: Path) -> None:
    """With the nearest name."""
    said = refused(tmp_path, "ten = 10 }", "tenn = 10 }")
    assert said == "scenario 'speed': fit 'per_task' names the case 'tenn'; did you mean 'ten'?"


def test_a_fit_of_an_unknown_indicator_is_refused(tmp_path: Path) -> None:
    """With the nearest name."""
    said = refused(tmp_path, 'indicator = "whole_run"', 'indicator = "whole_runs"')
    assert (
        said
        == "scenario 'speed': fit 'per_task' names the indicator 'whole_runs'; did you mean 'whole_run'?"
    )


def test_a_fit_in_another_unit_than_its_indicator_is_refused(tmp_path: Path) -> None:
    """What is read would not be what was measured."""
    said = refused(tmp_path, 'over = "tasks"\nunit = "s"', 'over = "tasks"\nunit = "MB"')
    assert said == "scenario 'speed': fit 'per_task' says unit = 'MB', but whole_run is in s"


def test_a_fit_over_one_number_is_refused(tmp_path: Path) -> None:
    """Every slope goes through it."""
    said = refused(tmp_path, "ten = 10 }", "ten = 1 }")
    assert said == "scenario 'speed': fit 'per_task' needs two cases with different numbers to draw a line"


def test_a_key_that_a_fit_does_not_have_is_refused(tmp_path: Path) -> None:
    """A misspelt one would be silently without effect."""
    assert "unknown field `ovr`" in refused(tmp_path, 'over = "tasks"', 'ovr = "tasks"')


@pytest.mark.parametrize("name", scenarios.discover())
def test_every_scenario_keeps_the_contract(name: str) -> None:
    """And its cases name pipelines that there are."""
    loaded = scenarios.load(scenarios.find(name))
    manifest = loaded.manifest
    assert isinstance(loaded.scenario, scenarios.Scenario)
    assert {case.pipeline for case in manifest.cases.values()} <= set(pipeline_catalog.names())


@pytest.mark.parametrize("name", scenarios.discover())
def test_what_a_tool_does_not_have_is_worth_nothing(name: str) -> None:
    """As a word of a part too; an outcome of that name scores 0."""
    words = {word.name: word.value for word in rules_of(scenarios.find(name)).words}
    assert words.get("unsupported", 0.0) == 0.0


def test_the_parameters_of_a_case_are_parameters_of_its_pipeline() -> None:
    """Of the same type as its default."""
    for name in scenarios.discover():
        for case in read_manifest(scenarios.find(name)).cases.values():
            if case.parameters:
                flow = extract(pipeline_catalog.find(case.pipeline), Path(sys.executable))
                for parameter, value in case.parameters.items():
                    assert type(value) is type(flow.parameters[parameter].default)


def test_chains_and_mapped_cases_have_as_many_tasks_as_their_fit_says() -> None:
    """A fit over the wrong counts would be a wrong cost of a task."""
    manifest = read_manifest(scenarios.find("overhead"))
    for case, count in manifest.fits["per_task"].cases.items():
        flow = extract(pipeline_catalog.find(manifest.cases[case].pipeline), Path(sys.executable))
        assert len(flow.stages) == count
    for case, count in manifest.fits["per_mapped_task"].cases.items():
        assert manifest.cases[case].parameters == {"count": count}
    for case, megabytes in manifest.fits["per_megabyte"].cases.items():
        assert manifest.cases[case].parameters == {"kilobytes": 1000 * megabytes}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fibonacci-33", "fibonaci-33", "no case or fit 'fibonaci-33'; did you mean 'fibonacci-33'?"),
        ("https://", "ftp://", "source 'ftp://example.org/figures' is no https address"),
        ('"2025"', '"last year"', "date 'last year' is not of the form 2025, 2025-04 or 2025-04-03"),
        ('date = "2025"', f'date = "2025"\nquote = "{"word " * 26}"', "more than 25 words; shorten it"),
        ("15.489", '"fast"', "Expected `float`, got `str` - at `$.figures[0].figure`"),
    ],
)
def test_a_published_figure_that_nobody_could_check_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """With the file and the figure."""
    path = tmp_path / "published.toml"
    path.write_text(FIGURE.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        read_published(path, {"fibonacci-33", "per_task"})
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_the_published_figures_stand_beside_cases_of_the_overhead_scenario() -> None:
    """Both of the two studies that disagree on the same tool are there."""
    published = scenarios.load(scenarios.find("overhead")).published
    of_prefect = [one.figure for one in published if (one.tool, one.beside) == ("Prefect", "per_task")]
    assert sorted(of_prefect) == [0.12, 3.226]
    assert {one.beside for one in published} == {"fibonacci-33", "fibonacci-10", "chain-100", "per_task"}
