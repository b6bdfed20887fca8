"""Targets as they are typed, and what a name without a setup stands for."""

import pytest

from bench.adapters import discover
from bench.errors import UsageError
from bench.planning.targets import choose

FOLDERS = discover()


def names(text: str) -> list[tuple[str, str]]:
    return [(choice.name, choice.share) for choice in choose(text, FOLDERS)]


def test_a_tool_with_a_persistent_setup_is_taken_in_both() -> None:
    """Each gets its share of the trials."""
    assert names("prefect") == [("prefect[local]", "brief"), ("prefect[server]", "all")]
    assert names("flyte") == [("flyte[local]", "all")]


def test_a_setup_that_is_named_gets_all_trials() -> None:
    """It was asked for."""
    assert names("prefect[server]") == [("prefect[server]", "all")]
    assert names("prefect[local]") == [("prefect[local]", "all")]


def test_options_are_laid_over_the_setup() -> None:
    """In any order."""
    assert names("prefect[server+strict],flyte[local+strict]") == [
        ("prefect[server+strict]", "all"),
        ("flyte[local+strict]", "all"),
    ]


def test_all_holds_every_tool_and_neither_control_nor_twin() -> None:
    """The plan adds those."""
    tools = {name.partition("[")[0] for name, _ in names("all")}
    assert tools == {"flyte", "kedro", "kfp", "metaflow", "prefect"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prefect[serve]", "no setup 'serve'; did you mean 'server'"),
        ("prefect[server+strickt]", "no option 'strickt'; did you mean 'strict'"),
        ("prefect]", "is not a target"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest_name(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        choose(text, FOLDERS)
