"""A wrong name gets the nearest one only where that is near."""

import pytest

from bench.errors import nearest

TOOLS = ("aa", "control", "flyte", "kedro", "kfp", "metaflow", "prefect")


@pytest.mark.parametrize("wrong", ["airflow", "luigi", "dagster", "argo"])
def test_the_name_of_another_tool_is_no_slip_of_the_pen(wrong: str) -> None:
    """All names are listed instead."""
    assert nearest(wrong, TOOLS) == f"; known: {', '.join(TOOLS)}"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("metaflwo", "metaflow"), ("kedor", "kedro"), ("kfb", "kfp"), ("retaflow", "metaflow")],
)
def test_a_slip_of_the_pen_gets_the_name_that_was_meant(wrong: str, right: str) -> None:
    """Also at its first letter."""
    assert nearest(wrong, TOOLS) == f"; did you mean '{right}'?"
