"""Stages that share a function get one each."""

from bench.contract.codegen.copies import one_function_each
from bench.contract.codegen.source import parse
from bench.pipeline import Output, Pipeline, Stage

TEXT = '''import functools


def load(path: str, rows: int = 3) -> list[int]:
    """Make some rows."""
    return [load.__name__ != path] * rows


load_2 = 7
'''


def shared() -> Pipeline:
    flow = Pipeline("shared")
    for number, name in enumerate(("load", "again")):
        flow.stages[name] = Stage(name, "load", "stages", {}, (Output(f"r{number}", "json"),))
    flow.modules = {"stages": TEXT}
    return flow


def test_a_later_stage_names_a_copy_below_the_users_text() -> None:
    """The user's own lines stay where they are."""
    flow = shared()
    one_function_each(flow)
    assert [stage.function for stage in flow.stages.values()] == ["load", "again"]
    assert [stage.copied for stage in flow.stages.values()] == [False, True]
    text = flow.modules["stages"]
    assert text.startswith(TEXT)
    assert text.endswith(
        'def again(path: str, rows: int = 3) -> list[int]:\n    """Make some rows."""\n'
        "    return [load.__name__ != path] * rows\n"
    )


def test_a_copy_hides_no_name_of_the_module() -> None:
    """A number that the user has given to something else is passed over."""
    flow = shared()
    flow.stages = {"load": flow.stages["load"], "load_2": flow.stages["again"]}
    one_function_each(flow)
    assert flow.stages["load_2"].function == "load_2_"
    parse(flow.modules["stages"], "stages")


def test_stages_of_different_functions_stay_as_they_are() -> None:
    """Nothing is copied for nothing."""
    flow = shared()
    del flow.stages["again"]
    one_function_each(flow)
    assert flow.modules["stages"] == TEXT
