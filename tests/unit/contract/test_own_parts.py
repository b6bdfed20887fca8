"""The parts of a user's pipeline that a case takes in turn."""

from dataclasses import replace

from bench.contract.choice import Choice
from bench.contract.own_parts import downstream, helpers, parts, users_of
from bench.pipeline import Output, Pipeline
from tests.own import flow


def test_the_parts_that_say_most_come_first() -> None:
    """A short profile takes only the first ones: the middle stage has stages before and after it."""
    assert parts(flow(), "stages") == ["scale", "read", "show", "total"]
    assert parts(flow(), "parameters") == ["factor"]
    assert parts(flow(), "files") == ["items"]


def test_what_comes_after_a_stage_is_found_through_its_outputs() -> None:
    """A stage beside it is not after it."""
    assert downstream(flow(), {"scale"}) == {"scale", "show"}
    assert downstream(flow(), {"read"}) == {"read", "scale", "total", "show"}


def test_what_takes_the_value_of_a_choice_comes_after_both_stages_and_the_flag() -> None:
    """And the stages of the choice come after the flag."""
    pipeline = flow()
    pipeline.choices["sum_or_scaled"] = Choice(
        "sum_or_scaled", "numbers", "total", "scale", Output("sum_or_scaled", "json")
    )
    pipeline.stages["show"] = replace(pipeline.stages["show"], inputs={"value": "sum_or_scaled"})
    assert downstream(pipeline, {"total"}) == {"total", "show"}
    assert downstream(pipeline, {"read"}) == {"read", "total", "scale", "show"}


def test_a_helper_belongs_to_the_stages_that_use_it_directly_or_not() -> None:
    """Also one that is imported from another module of the user."""
    assert helpers(flow()) == {"stages.double": {"scale"}, "rounding.rounded": {"scale", "total"}}
    assert users_of(flow(), "helpers", "rounding.rounded") == {"scale", "total"}


def test_a_module_that_cannot_be_parsed_has_no_helpers() -> None:
    """Its pipeline was told before; here nothing is to break."""
    broken: Pipeline = flow()
    broken.modules["stages"] = "def ("
    assert helpers(broken) == {}
