"""What a user calls a thing means in a rendered project what it meant in the pipeline, for every tool."""

import ast
import functools
import keyword
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import adapters
from bench.adapters import Adapter
from bench.contract.adapter_manifest import read_manifest
from bench.errors import UnsupportedError
from bench.pipeline import Output, Parameter, Pipeline, Stage

FOLDERS = adapters.discover()
TOOLS = [name for name, folder in FOLDERS.items() if read_manifest(folder).role != "aa check"]

TEMPLATE_NAMES = (
    *("args", "argparse", "item", "main", "parser", "own", "copy", "json", "flow", "workflow", "functools"),
    *("map_task", "unmapped", "dsl", "components", "Node", "Pipeline", "create_pipeline", "self", "step"),
    *("index", "input", "next", "name", "nodes", "tasks", "stages", "help", "parameters", "task", "list"),
    *("X", "x", "_x", "X_train", "größe", "match", "type", "null", "yes", "inputs", "current", "results_"),
    *("float", "sum", "params", "start", "end", "kfp", "pd", "Model", "Output", "logging"),
)
names = st.sampled_from(TEMPLATE_NAMES).filter(lambda name: not keyword.iskeyword(name))
MODULES = ("stages", "item", "args", "labels", "helpers", "nodes", "orders", "score", "flow", "x")


@st.composite
def pipelines(draw: st.DrawFn) -> Pipeline:
    """Draw a parameter, a stage that makes a list, one mapped over it beside another input, and one that writes."""
    name, given_, made, all_, each, result, argument = draw(
        st.lists(names, min_size=7, max_size=7, unique=True)
    )
    module = draw(st.sampled_from(MODULES))
    flow = Pipeline(name)
    flow.parameters = {
        given_: Parameter(given_, "int", 3),
        "results": Parameter("results", "file", required=True),
    }
    flow.stages = {
        made: Stage(made, made, module, {argument: given_}, (Output(all_, "json", plain=True),)),
        each: Stage(
            each,
            each,
            module,
            {"one": all_, argument: given_},
            (Output(result, "json", plain=True, item="int"),),
            over="one",
        ),
        "finish": Stage("finish", "finish", module, {"found": result, "results": "results"}, ()),
    }
    flow.modules = {
        module: (
            f"def {made}({argument}: int) -> list[int]:\n    return [{argument}]\n\n\n"
            f"def {each}(one: int, {argument}: int) -> int:\n    return one + {argument}\n\n\n"
            "def finish(found: list[int], results: str) -> None:\n    print(found)\n"
        )
    }
    return flow


@functools.cache
def loaded(tool: str) -> Adapter:
    return adapters.load(FOLDERS[tool])


@pytest.mark.parametrize("tool", TOOLS)
@given(flow=pipelines())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_name_keeps_its_meaning(tool: str, flow: Pipeline) -> None:
    """Each call of a stage goes to the user's module, by a name that nothing in its function hides."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            loaded(tool).render(flow, Path(folder), frozenset())
        except UnsupportedError:
            return  # The tool keeps that name for itself; the adapter's source says so.
        for path in Path(folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            compile(text, str(path), "exec", dont_inherit=True)
            assert not list(_hidden(text, {*flow.stages})), text


def _hidden(text: str, functions: set[str]) -> Iterator[str]:
    """Yield the names before a stage's function that are bound in the function that calls it, and not imported there."""
    for function in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)):
        bound = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)} - {"self"}
        imported = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound.add(node.id)
            elif isinstance(node, ast.Import):
                imported |= {alias.asname or alias.name for alias in node.names}
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in functions
                and isinstance(node.value, ast.Name)
                and node.value.id in bound - imported
            ):
                yield node.value.id
