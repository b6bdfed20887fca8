"""The neutral pipeline: what it takes, and how it refuses the rest."""

# Stages here are signatures only.
# mypy: disable-error-code="empty-body"

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression

from bench.errors import PipelineError
from bench.pipeline import File, Json, Model, Output, Parameter, Pipeline, Settings, Table


class Halves(NamedTuple):
    """Two outputs."""

    left: pd.DataFrame
    right: list[int]


class Lone(NamedTuple):
    """One output, still named by its field."""

    only: int


def load(path: str) -> pd.DataFrame: ...
def halve(table: pd.DataFrame) -> Halves: ...
def alone() -> Lone: ...
def fit(table: pd.DataFrame, seed: int = 0) -> LinearRegression: ...
def members(table: pd.DataFrame) -> list[str]: ...
def score(member: str, table: pd.DataFrame) -> dict[str, float]: ...
def report(results: str) -> None: ...
def unannotated(results: str): ...  # type: ignore[no-untyped-def]
def a_tuple(results: str) -> tuple[int, int]: ...
def starred(*results: str) -> None: ...
def a_table_each(member: str) -> pd.DataFrame: ...
def takes_settings(settings: int) -> int: ...
def returns_a_union() -> str | None: ...
def takes_nothing() -> dict[str, int]: ...
def draws() -> str: ...


@pytest.fixture
def flow() -> Pipeline:
    """Start a pipeline with the parameter that each must have."""
    pipeline = Pipeline("tiny")
    pipeline.parameter("results", File)
    return pipeline


def test_kinds_are_read_from_annotations(flow: Pipeline) -> None:
    """A table by its name, a list or dict as JSON, any other class as a model."""
    table = flow.stage(load, path=flow.parameter("path", File))
    left, right = flow.stage(halve, table=table)
    model = flow.stage(fit, table=left)
    assert [data.kind for data in (table, left, right, model)] == ["table", "table", "json", "model"]
    assert flow.kind("left") == "table"
    assert flow.kind("path") == "file"


@pytest.mark.parametrize(
    ("kind", "expected"), [(int, "int"), (float, "float"), (bool, "bool"), (str, "str")]
)
def test_scalars_are_kinds_too(flow: Pipeline, kind: type, expected: str) -> None:
    """As parameters; File is text to the stage, and a kind of its own."""
    assert flow.parameter("x", kind).kind == expected


def test_a_named_tuple_names_several_outputs(flow: Pipeline) -> None:
    """Its fields are the names, and a handle is given for each."""
    flow.stage(halve, table=flow.stage(load, path=flow.parameter("path", File)))
    assert flow.stages["halve"].outputs == (Output("left", "table"), Output("right", "json"))
    assert flow.stages["halve"].several


def test_a_named_tuple_of_one_field_gives_a_tuple_of_one(flow: Pipeline) -> None:
    """As the function itself does."""
    (only,) = flow.stage(alone)
    assert only.name == "only"


def test_a_stage_that_returns_nothing_has_no_output(flow: Pipeline) -> None:
    """It is the last one, mostly."""
    assert flow.stage(report, results=_results(flow)) is None
    assert flow.sentinel.outputs == ()


def test_an_output_is_named_by_settings_else_by_its_stage(flow: Pipeline) -> None:
    """So that a name is always there."""
    path = flow.parameter("path", File)
    table = flow.stage(load, Settings(output="table", layer="01_raw"), path=path)
    assert table.name == "table"
    assert flow.stage(members, table=table).name == "members_result"
    assert flow.stages["load"].layer == "01_raw"
    assert flow.producer("table") == flow.stages["load"]
    assert flow.producer("path") is None


def test_a_mapped_stage_gives_the_list_of_its_results(flow: Pipeline) -> None:
    """The item goes to its first argument."""
    table = flow.stage(load, path=flow.parameter("path", File))
    scores = flow.map(score, flow.stage(members, table=table), Settings(output="scores"), table=table)
    assert (scores.name, scores.kind) == ("scores", "json")
    assert flow.stages["score"].over == "member"
    assert flow.stages["score"].inputs == {"member": "members_result", "table": "load_result"}


@pytest.mark.parametrize("kind", [Table, Model, Json, dict, "int"])
def test_a_parameter_of_another_kind_is_refused(flow: Pipeline, kind: Any) -> None:
    """With those that would do."""
    with pytest.raises(PipelineError, match="must be one of File, str, int, float, bool, not"):
        flow.parameter("x", kind)


@pytest.mark.parametrize(("kind", "default"), [(int, "1"), (int, True), (float, 1), (File, 1), (str, b"")])
def test_a_default_of_another_type_is_refused(flow: Pipeline, kind: type, default: Any) -> None:
    """Strictly: tools treat 1, 1.0 and True differently."""
    with pytest.raises(PipelineError, match="parameter 'x' of pipeline 'tiny': default"):
        flow.parameter("x", kind, default=default)


@pytest.mark.parametrize("name", ["Seed", "seed-1", "class", "_seed", "1st", ""])
def test_a_name_that_a_tool_could_not_take_is_refused(flow: Pipeline, name: str) -> None:
    """Of pipelines, parameters, stages and outputs alike."""
    with pytest.raises(PipelineError, match="a name is a lower-case Python identifier"):
        Pipeline(name)
    with pytest.raises(PipelineError, match="a name is a lower-case Python identifier"):
        flow.parameter(name, int)


def test_a_taken_name_is_refused(flow: Pipeline) -> None:
    """Parameters and outputs share one space of names."""
    path = flow.parameter("path", File)
    with pytest.raises(PipelineError, match="parameter 'path': the name is taken"):
        flow.parameter("path", int)
    with pytest.raises(PipelineError, match="'path': the name is taken in pipeline 'tiny'"):
        flow.stage(load, Settings(output="path"), path=path)


def test_one_function_is_one_stage(flow: Pipeline) -> None:
    """A trace could not tell two stages of one function apart; the line says what to do."""
    path = flow.parameter("path", File)
    flow.stage(load, path=path)
    with pytest.raises(PipelineError, match="is there twice; write a second function"):
        flow.stage(load, path=path)


def test_an_unknown_argument_is_refused(flow: Pipeline) -> None:
    """With the function's name."""
    path = flow.parameter("path", File)
    with pytest.raises(PipelineError, match=r"load\(\) takes no argument 'file'"):
        flow.stage(load, path=path, file=path)


def test_a_missing_input_is_refused(flow: Pipeline) -> None:
    """Unless the function has a default for it."""
    with pytest.raises(PipelineError, match="nothing is given for its argument 'path'"):
        flow.stage(load)


def test_a_literal_value_is_refused_with_the_parameter_to_write(flow: Pipeline) -> None:
    """A value in the graph could not be changed from outside."""
    with pytest.raises(PipelineError, match=r"flow\.parameter\('path', str, default='raw\.csv'\)"):
        flow.stage(load, path="raw.csv")  # type: ignore[arg-type]


def test_data_of_another_pipeline_is_refused(flow: Pipeline) -> None:
    """It would have no producer here."""
    with pytest.raises(PipelineError, match="'path' comes from another pipeline"):
        flow.stage(load, path=Pipeline("other").parameter("path", File))


def test_starred_arguments_are_refused(flow: Pipeline) -> None:
    """Tools need a name for each input."""
    with pytest.raises(PipelineError, match="must be a plain argument"):
        flow.stage(starred, results=_results(flow))


@pytest.mark.parametrize("function", [lambda: None, len, LinearRegression, Halves])
def test_what_is_no_function_of_a_module_is_refused(flow: Pipeline, function: Any) -> None:
    """Its text could not be taken."""
    with pytest.raises(PipelineError, match=r"top level of a module|a name is a lower-case"):
        flow.stage(function)


def test_a_return_that_is_not_annotated_is_refused(flow: Pipeline) -> None:
    """Its kind could not be known."""
    with pytest.raises(PipelineError, match=r"annotate what unannotated\(\) returns"):
        flow.stage(unannotated, results=_results(flow))


def test_a_tuple_is_refused_for_a_named_one(flow: Pipeline) -> None:
    """Outputs have names."""
    with pytest.raises(PipelineError, match=r"return several values as a typing\.NamedTuple"):
        flow.stage(a_tuple, results=_results(flow))


def test_the_outputs_of_a_named_tuple_are_not_named_again(flow: Pipeline) -> None:
    """There would be two names for one thing."""
    table = flow.stage(load, path=flow.parameter("path", File))
    with pytest.raises(PipelineError, match="its outputs are named by Halves"):
        flow.stage(halve, Settings(output="x"), table=table)


def test_mapping_over_what_is_no_list_is_refused(flow: Pipeline) -> None:
    """Here a table."""
    table = flow.stage(load, path=flow.parameter("path", File))
    with pytest.raises(PipelineError, match="is mapped over 'load_result', which is no list"):
        flow.map(score, table, table=table)


@pytest.mark.parametrize("function", [a_table_each, alone, report])
def test_a_mapped_stage_returns_one_value_of_json(flow: Pipeline, function: Any) -> None:
    """Not a table, not several, not none."""
    table = flow.stage(load, path=flow.parameter("path", File))
    items = flow.stage(members, table=table)
    with pytest.raises(PipelineError, match=r"must return one scalar, dict or list|takes no argument"):
        flow.map(function, items)


def test_a_mapped_stage_takes_the_item(flow: Pipeline) -> None:
    """As its first argument."""
    table = flow.stage(load, path=flow.parameter("path", File))
    with pytest.raises(PipelineError, match="takes no argument for the item"):
        flow.map(takes_nothing, flow.stage(members, table=table))


def test_a_pipeline_without_a_stage_is_not_valid(flow: Pipeline) -> None:
    """There is nothing to run."""
    with pytest.raises(PipelineError, match="has no stage"):
        flow.validate()


def test_results_must_be_a_folder_given_from_outside() -> None:
    """No default, no other kind."""
    flow = Pipeline("tiny")
    flow.stage(report, results=flow.parameter("results", File, default="out"))
    with pytest.raises(PipelineError, match="needs a parameter 'results' of kind File without a default"):
        flow.validate()


def test_the_last_stage_must_take_results(flow: Pipeline) -> None:
    """By its file a run is checked."""
    flow.stage(report, results=_results(flow))
    flow.validate()
    flow.stage(load, path=flow.parameter("path", File))
    with pytest.raises(PipelineError, match="its last stage 'load' must take 'results'"):
        flow.validate()


def test_data_that_is_not_there_has_no_kind(flow: Pipeline) -> None:
    """The line names it."""
    with pytest.raises(PipelineError, match="has no data named 'nothing'"):
        flow.kind("nothing")


names = st.from_regex(r"p[a-z0-9_]{1,12}", fullmatch=True)
defaults = st.one_of(
    st.none(), st.text(), st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)
)


@given(st.dictionaries(names, defaults, max_size=6))
def test_a_pipeline_survives_json(parameters: dict[str, Any]) -> None:
    """Whatever its parameters: types, order and unicode stay."""
    flow = Pipeline("tiny")
    for name, default in parameters.items():
        flow.parameter(name, File if default is None else type(default), default)
    table = flow.stage(load, path=flow.parameter("a_path", File))
    flow.stage(halve, Settings(layer="05_model_input"), table=table)
    flow.map(score, flow.stage(members, table=table), table=table)
    flow.modules["stages"] = "x = 'na\u00efve'\n"
    back = Pipeline.from_json(json.loads(json.dumps(flow.as_json())))
    assert back.as_json() == flow.as_json()
    assert back.parameters == flow.parameters
    assert back.stages == flow.stages
    assert {name: type(value.default) for name, value in back.parameters.items() if name in parameters} == {
        name: type(default) for name, default in parameters.items()
    }


def test_it_needs_only_the_standard_library() -> None:
    """It is imported by interpreters that have nothing of the harness's."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); import bench.pipeline;"
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(*sorted(tops - set(sys.stdlib_module_names)))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(root)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["bench"]


def _results(flow: Pipeline) -> Any:
    from bench.pipeline import Data

    assert flow.parameters["results"] == Parameter("results", "file")
    return Data("results", "file", flow)


def test_the_item_of_a_mapped_stage_cannot_be_given_twice(flow: Pipeline) -> None:
    """Its first argument takes the item, so naming it again is refused."""
    table = flow.stage(load, path=flow.parameter("path", File))
    items = flow.stage(members, table=table)
    with pytest.raises(PipelineError, match="its argument 'member' takes the item"):
        flow.map(score, items, member=items, table=table)


@pytest.mark.parametrize("function", [int, print, type("Callable", (), {"__call__": lambda self: 1})()])
def test_a_stage_must_be_a_plain_function(flow: Pipeline, function: Any) -> None:
    """Builtins, classes and callable objects have no text that an adapter could render."""
    with pytest.raises(PipelineError, match="must be a function at the top level of a module"):
        flow.stage(function)


def test_an_argument_may_be_called_settings(flow: Pipeline) -> None:
    """Names of a stage's arguments never meet those of flow.stage itself."""
    values = flow.parameter("values", int, default=1)
    flow.stage(takes_settings, settings=values)
    assert flow.stages["takes_settings"].inputs == {"settings": "values"}


def test_a_union_is_no_kind_of_data(flow: Pipeline) -> None:
    """An adapter must know how to pass a value, so it may be of one kind only."""
    with pytest.raises(PipelineError, match="not a supported kind"):
        flow.stage(returns_a_union)


def test_a_report_is_a_page(flow: Pipeline) -> None:
    """It survives the way through JSON, as all settings do."""
    flow.stage(draws, Settings(output="page", report=True))
    assert flow.stages["draws"].outputs == (Output("page", "page"),)
    assert Pipeline.from_json(json.loads(json.dumps(flow.as_json()))).stages["draws"].report


def test_a_report_must_be_one_text(flow: Pipeline) -> None:
    """A tool shows a page of HTML, and no table."""
    with pytest.raises(PipelineError, match="states report, so it must return one text"):
        flow.stage(takes_nothing, Settings(report=True))
