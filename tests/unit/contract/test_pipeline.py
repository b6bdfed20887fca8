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
from bench.pipeline import File, Model, Output, Parameter, Pipeline, Settings, Table


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
def alone_each(member: str) -> Lone: ...
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
    assert flow.stages["halve"].outputs == (Output("left", "table"), Output("right", "json", plain=True))
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


@pytest.mark.parametrize("kind", [Table, Model, set, "int", int | str])
def test_a_parameter_of_another_kind_is_refused(flow: Pipeline, kind: Any) -> None:
    """With those that would do."""
    with pytest.raises(PipelineError, match="must be one of File, str, int, float, bool, dict, list"):
        flow.parameter("x", kind)


@pytest.mark.parametrize(("kind", "default"), [(int, "1"), (int, True), (float, 1), (File, 1), (str, b"")])
def test_a_default_of_another_type_is_refused(flow: Pipeline, kind: type, default: Any) -> None:
    """Strictly: tools treat 1, 1.0 and True differently."""
    with pytest.raises(PipelineError, match="parameter 'x' of pipeline 'tiny': default"):
        flow.parameter("x", kind, default=default)


@pytest.mark.parametrize("name", ["seed-1", "class", "1st", "", "__class__", "None"])
def test_what_is_no_name_in_python_is_refused(flow: Pipeline, name: str) -> None:
    """Of pipelines, parameters, stages and outputs alike."""
    with pytest.raises(PipelineError, match=r"a name must be a Python identifier|are Python's own"):
        Pipeline(name)
    with pytest.raises(PipelineError, match=r"a name must be a Python identifier|are Python's own"):
        flow.parameter(name, int)


@pytest.mark.parametrize("name", ["X_train", "_seed", "größe", "match"])
def test_any_name_of_python_is_a_name(flow: Pipeline, name: str) -> None:
    """Upper case, a leading underscore, other letters: what a tool cannot take is its adapter's to rename."""
    assert flow.parameter(name, int).name == name


def test_a_name_is_known_as_python_knows_it(flow: Pipeline) -> None:
    """PEP 3131: two spellings of one identifier are one name."""
    assert flow.parameter("\ufb01eld", int).name == "field"


def test_one_function_may_be_several_stages(flow: Pipeline) -> None:
    """They are numbered, and so are their outputs."""
    path = flow.parameter("path", File)
    first, second = flow.stage(load, path=path), flow.stage(load, path=path)
    assert list(flow.stages) == ["load", "load_2"]
    assert (first.name, second.name) == ("load_result", "load_2_result")
    assert flow.stages["load_2"].function == "load"


def test_settings_name_a_stage(flow: Pipeline) -> None:
    """Where a number says too little; the outputs of a NamedTuple stay apart."""
    table = flow.stage(load, path=flow.parameter("path", File))
    flow.stage(halve, table=table)
    left, _ = flow.stage(halve, Settings(name="halve_again"), table=table)
    assert left.name == "halve_again_left"
    assert flow.stages["halve_again"].outputs[0].field == "left"


def test_a_name_of_a_stage_is_given_once(flow: Pipeline) -> None:
    """Numbers are for functions, not for names that were chosen."""
    path = flow.parameter("path", File)
    flow.stage(load, Settings(name="read"), path=path)
    with pytest.raises(PipelineError, match="has a stage of that name already"):
        flow.stage(load, Settings(name="read"), path=path)


def test_an_unknown_setting_is_told_with_the_nearest(flow: Pipeline) -> None:
    """The word that was meant, mostly."""
    with pytest.raises(PipelineError, match="Settings has no 'retry'; did you mean 'retries'"):
        Settings(retry=3)  # type: ignore[call-arg]


def test_a_default_of_none_is_a_value(flow: Pipeline) -> None:
    """Of a parameter that may be None; without a default it is required."""
    flow.parameter("depth", int | None, default=None)
    flow.parameter("width", int | None)
    assert (flow.parameters["depth"].required, flow.parameters["width"].required) == (False, True)
    with pytest.raises(PipelineError, match=r"default None is no int.*or write int \| None"):
        flow.parameter("height", int, default=None)


def test_a_parameter_may_be_a_dict_or_a_list(flow: Pipeline) -> None:
    """Of what JSON has; the type of a list's items is read from its default."""
    flow.parameter("grid", dict, default={"a": [1, None]})
    flow.parameter("sizes", list, default=[1, 2])
    flow.parameter("names", list[str], default=["a"])
    assert [one.annotation for one in flow.parameters.values()][1:] == ["dict", "list[int]", "list[str]"]
    with pytest.raises(PipelineError, match="has the key 1; the keys of a dict must be texts"):
        flow.parameter("numbers", dict, default={1: 2})


def test_an_unknown_argument_is_refused(flow: Pipeline) -> None:
    """With the function's name."""
    path = flow.parameter("path", File)
    with pytest.raises(PipelineError, match=r"load\(\) takes no argument 'file'"):
        flow.stage(load, path=path, file=path)


def test_a_value_in_place_of_data_is_a_constant(flow: Pipeline) -> None:
    """It stays in the graph: for what nobody changes from outside."""
    flow.stage(load, path="raw.csv")
    assert flow.stages["load"].constants == {"path": "raw.csv"}
    assert flow.stages["load"].inputs == {}


def test_a_constant_that_json_does_not_have_is_refused(flow: Pipeline) -> None:
    """No tool could write it down."""
    with pytest.raises(PipelineError, match=r"'path' is PosixPath\('a'\); a value must be a text"):
        flow.stage(load, path=Path("a"))


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
    with pytest.raises(PipelineError, match=r"top level of a module|a name must be a Python identifier"):
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


def test_a_mapped_stage_may_return_tables(flow: Pipeline) -> None:
    """Or models, or anything: the output is the list of them, which JSON may not keep."""
    table = flow.stage(load, path=flow.parameter("path", File))
    tables = flow.map(a_table_each, flow.stage(members, table=table))
    (output,) = flow.stages["a_table_each"].outputs
    assert (tables.kind, output.item, output.plain) == ("json", "table", False)


@pytest.mark.parametrize("function", [alone_each, report])
def test_a_mapped_stage_returns_one_value(flow: Pipeline, function: Any) -> None:
    """Not several, not none."""
    table = flow.stage(load, path=flow.parameter("path", File))
    items = flow.stage(members, table=table)
    with pytest.raises(PipelineError, match=r"so it must return (one|a) value"):
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
        flow.parameter(name, type(default) if default is not None else (int | None), default)
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

    assert flow.parameters["results"] == Parameter("results", "file", required=True)
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


def test_a_result_that_may_be_none_has_the_kind_of_the_other(flow: Pipeline) -> None:
    """And says so; any other union is a model."""
    flow.stage(returns_a_union)
    assert flow.stages["returns_a_union"].outputs == (
        Output("returns_a_union_result", "str", optional=True),
    )


def test_a_report_is_a_page(flow: Pipeline) -> None:
    """It survives the way through JSON, as all settings do."""
    flow.stage(draws, Settings(output="page", report=True))
    assert flow.stages["draws"].outputs == (Output("page", "page"),)
    assert Pipeline.from_json(json.loads(json.dumps(flow.as_json()))).stages["draws"].report


def test_a_report_must_be_one_text(flow: Pipeline) -> None:
    """A tool shows a page of HTML, and no table."""
    with pytest.raises(PipelineError, match="states report, so it must return one text"):
        flow.stage(takes_nothing, Settings(report=True))


def is_small(path: str) -> bool: ...
def told(text: str | None, results: str) -> None: ...


def test_a_choice_is_the_value_of_the_stage_that_runs(flow: Pipeline) -> None:
    """Or None, where there is no other stage."""
    path = flow.parameter("path", File)
    small = flow.stage(is_small, Settings(output="small"), path=path)
    first, second = (flow.stage(draws, Settings(output=name)) for name in ("first", "second"))
    either = flow.when(small, then=first, otherwise=second)
    maybe = flow.when(small, then=flow.stage(draws, Settings(output="third")), name="maybe")
    assert (either.name, either.kind, maybe.name) == ("first_or_second", "str", "maybe")
    assert flow.choices["maybe"].output.optional
    flow.stage(told, text=maybe, results=_results(flow))
    flow.validate()
    parts = [part.name for part in flow.in_order()]
    assert parts == ["is_small", "first_or_second", "maybe", "told"]
    back = Pipeline.from_json(json.loads(json.dumps(flow.as_json())))
    assert back.choices == flow.choices


def test_a_choice_is_made_by_a_bool(flow: Pipeline) -> None:
    """Not by whatever Python takes for true."""
    path = flow.parameter("path", File)
    with pytest.raises(PipelineError, match="must be data of kind bool"):
        flow.when(path, then=flow.stage(draws))


def test_what_may_not_run_is_taken_through_the_choice(flow: Pipeline) -> None:
    """Its own output would not be there."""
    small = flow.stage(is_small, path=flow.parameter("path", File))
    text = flow.stage(draws, Settings(output="text"))
    flow.when(small, then=text)
    flow.stage(told, text=text, results=_results(flow))
    with pytest.raises(PipelineError, match="let it take 'text_or_none'"):
        flow.validate()


def test_a_pipeline_of_an_earlier_set_is_read(flow: Pipeline) -> None:
    """Without choices, and without saying which parameters are required: those without a default were."""
    flow.parameter("rows", int, default=3)
    data = flow.as_json()
    del data["choices"]
    for parameter in data["parameters"]:
        for key in ("required", "optional", "hint"):
            del parameter[key]
    back = Pipeline.from_json(data)
    assert [one.required for one in back.parameters.values()] == [True, False]
