"""How values travel in each tool, as a good user of it would have it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import adapters
from bench.adapters import Sandbox
from bench.errors import UnsupportedError
from bench.pipeline import Output, Parameter, Pipeline, Stage

FOLDERS = adapters.discover()


def module(tool: str, name: str) -> Any:
    """Return a module of an adapter."""
    package = type(adapters.load(FOLDERS[tool])).__module__.rpartition(".")[0]
    return sys.modules[f"{package}.{name}"]


def pipeline(text: str, *stages: Stage, **parameters: Parameter) -> Pipeline:
    """Return a pipeline of the module ``stages``."""
    flow = Pipeline("wired")
    flow.parameters = parameters
    flow.stages = {stage.name: stage for stage in stages}
    flow.modules = {"stages": text}
    return flow


def rendered(tool: str, flow: Pipeline, folder: Path) -> dict[str, str]:
    """Return the text of each file of a project."""
    adapters.load(FOLDERS[tool]).render(flow, folder, frozenset())
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_the_control_gives_each_call_its_own_copies(tmp_path: Path) -> None:
    """A stage that changes its argument changes nothing for the next one."""
    text = (
        "def make() -> dict:\n    return {'rows': [1]}\n\n\n"
        "def grow(made: dict) -> dict:\n    made['rows'].append(2)\n    return made\n\n\n"
        "def tell(made: dict, grown: dict, call: object) -> None:\n    print(made, grown, call(3))\n\n\n"
        "def double() -> object:\n    return lambda x: 2 * x\n"
    )
    flow = pipeline(
        text,
        Stage("make", "make", "stages", {}, (Output("made", "json"),)),
        Stage("grow", "grow", "stages", {"made": "made"}, (Output("grown", "json"),)),
        Stage("double", "double", "stages", {}, (Output("call", "model"),)),
        Stage("tell", "tell", "stages", {"made": "made", "grown": "grown", "call": "call"}, ()),
    )
    rendered("control", flow, tmp_path)
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "{'rows': [1]} {'rows': [1, 2]} 6\n"


@pytest.mark.parametrize(
    ("output", "type_"),
    [
        (Output("made", "json", plain=True), "json.JSONDataset"),
        (Output("made", "json"), "pickle.PickleDataset"),
        (Output("made", "float"), "json.JSONDataset"),
        (Output("made", "table"), "pandas.ParquetDataset"),
    ],
)
def test_kedro_stores_as_json_only_what_json_keeps(output: Output, type_: str, tmp_path: Path) -> None:
    """Of a dict that may hold anything, JSON keeps nothing or something else."""
    flow = pipeline("def make():\n    return 1\n", Stage("make", "make", "stages", {}, (output,)))
    assert f"  type: {type_}\n" in rendered("kedro", flow, tmp_path)["conf/base/catalog.yml"]


def test_kedro_escapes_what_omegaconf_would_resolve() -> None:
    """A backslash in front of it is one of the text."""
    values = module("kedro", "values")
    assert values.yaml_value("${x} $x {x}") == r'"\\${x} $x {x}"'
    assert values.yaml_value(r"a\${x}") == r'"a\\\\\\${x}"'
    assert values.yaml_value({"a": ["${b}"]}) == r'{"a": ["\\${b}"]}'


@given(st.one_of(st.text(), st.lists(st.text()), st.dictionaries(st.text(), st.text(), max_size=3)))
def test_kedro_gives_no_comma_on_the_command_line(value: Any) -> None:
    """``--params`` is split at each."""
    assert "," not in module("kedro", "values").runtime_value(value)


def test_kedro_quotes_names_that_are_no_texts_to_yaml(tmp_path: Path) -> None:
    """Such as one called ``yes``; one that begins with an underscore would be skipped."""
    flow = pipeline(
        "def make(yes, a):\n    return 1\n",
        Stage("make", "make", "stages", {"yes": "yes", "a": "_a"}, (Output("null", "int"),)),
        yes=Parameter("yes", "int", 1),
        _a=Parameter("_a", "int", 2),
    )
    files = rendered("kedro", flow, tmp_path)
    assert files["conf/base/parameters.yml"].split() == ['"yes":', "1", "a:", "2"]
    assert '\n"null":\n' in files["conf/base/catalog.yml"]
    assert '"yes": "params:yes", "a": "params:a"' in files["src/wired_project/pipelines/wired/pipeline.py"]


def test_flyte_has_one_type_on_both_sides(tmp_path: Path) -> None:
    """A file is text, a list has the type of its items, an int stays one where a float is asked for."""
    text = (
        "from pathlib import Path\n\n\n"
        "def load(path: Path, scale: float) -> dict[str, float]:\n    return {str(path): scale}\n\n\n"
        "def tell(loaded: dict, sizes: list, note: str = '') -> None:\n    print(loaded, sizes)\n"
    )
    flow = pipeline(
        text,
        Stage(
            "load", "load", "stages", {"path": "raw", "scale": "n"}, (Output("loaded", "json", plain=True),)
        ),
        Stage("tell", "tell", "stages", {"loaded": "loaded", "sizes": "sizes"}, ()),
        raw=Parameter("raw", "file", "a.csv"),
        n=Parameter("n", "int", 3),
        sizes=Parameter("sizes", "json", [1], hint="list[int]"),
    )
    files = rendered("flyte", flow, tmp_path)
    assert "def load(path: str, scale: int) -> dict[str, float]:" in files["src/tasks/stages.py"]
    assert (
        "def tell(loaded: dict[str, float], sizes: list[int], note: str = '') -> None:"
        in files["src/tasks/stages.py"]
    )
    assert 'raw: str = "a.csv"' in files["src/workflows.py"]


def test_what_flyte_cannot_take_is_refused_with_line_and_source(tmp_path: Path) -> None:
    """As unsupported: the other tools take it."""
    flow = pipeline(
        "def make() -> list:\n    return [1]\n",
        Stage("make", "make", "stages", {}, (Output("made", "json"),)),
    )
    with pytest.raises(
        UnsupportedError, match=r"^stages\.py:1: .*cannot take the annotation list"
    ) as caught:
        rendered("flyte", flow, tmp_path)
    assert "flytekit" in caught.value.source


def test_metaflow_may_make_as_many_tasks_as_a_user_means(tmp_path: Path) -> None:
    """Its limit of 100 is stated otherwise where a stage is mapped, and only there."""
    adapter = adapters.load(FOLDERS["metaflow"])
    box = Sandbox(*(tmp_path for _ in range(8)))
    stage = Stage("each", "each", "stages", {"one": "all"}, (), over="one")
    flow = pipeline("", stage, all=Parameter("all", "json", [1]))
    assert "--max-num-splits" in adapter.run(flow, box, {"all": [1]}, frozenset()).argv
    assert "--all=[1]" in adapter.run(flow, box, {"all": [1]}, frozenset()).argv
    plain = pipeline("", Stage("one", "one", "stages", {}, ()))
    assert "--max-num-splits" not in adapter.run(plain, box, {}, frozenset()).argv


@pytest.mark.parametrize("tool", ["control", "flyte", "kfp", "metaflow", "prefect"])
@pytest.mark.parametrize("value", ["-x", "", "a b", "--y=1", -1e-05])
def test_a_value_is_one_word_of_the_command_with_its_name(tool: str, value: Any, tmp_path: Path) -> None:
    """So that it may begin with a dash, or be empty."""
    adapter = adapters.load(FOLDERS[tool])
    kind: Any = type(value).__name__
    flow = pipeline("", Stage("one", "one", "stages", {"a": "a"}, ()), a=Parameter("a", kind, value))
    box = Sandbox(*(tmp_path for _ in range(8)))
    assert f"--a={value}" in adapter.run(flow, box, {"a": value}, frozenset()).argv
