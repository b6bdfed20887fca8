"""The neutral half of a launchpad: the workflows of a pipeline, and what they load and save."""

import ast
from pathlib import Path

import pytest

from bench import adapters
from bench.contract.launchpad import Workflows, file_of, workflows
from bench.errors import PipelineError
from bench.pipeline import Pipeline
from tests import shared


@pytest.fixture(scope="module")
def fanout() -> Pipeline:
    return shared.definition("fanout").pipeline


def test_a_single_workflow_loads_its_inputs_and_saves_its_outputs(fanout: Pipeline) -> None:
    """Around its stage, which is as it was."""
    single = next(one for one in workflows(fanout).singles if one.name == "train_model")
    assert list(single.stages) == ["load_train", "train_model", "save_model"]
    assert single.stages["train_model"] == fanout.stages["train_model"]
    assert list(single.parameters) == ["seed", "data"]


def test_a_module_given_loads_and_nothing_is_saved(fanout: Pipeline) -> None:
    """For a tool that keeps what its runs make; then no folder is asked for."""
    flows = workflows(fanout, '"""Loads from runs."""\n', "past_runs")
    single = next(one for one in flows.singles if one.name == "train_model")
    assert list(single.stages) == ["load_train", "train_model"]
    assert list(single.parameters) == ["seed"]
    assert single.modules["past_runs"] == '"""Loads from runs."""\n'


def test_what_a_mapped_stage_makes_is_loaded_as_a_list(fanout: Pipeline) -> None:
    """Of what its author said one call returns; and JSON, whatever it holds, in a file of its layer."""
    module = ast.parse(workflows(fanout).union.modules["datasets"])
    hints = {
        node.name: ast.unparse(node.returns)
        for node in module.body
        if isinstance(node, ast.FunctionDef) and node.returns is not None
    }
    assert hints["load_scores"] == "list[dict]"
    assert hints["load_segments"] == "list[str]"
    assert hints["load_model"] == "Pipeline"
    stage = fanout.stages["score_segment"]
    assert file_of(stage, stage.outputs[0]) == "07_model_output/scores.json"


def test_a_parameter_of_the_name_data_keeps_it(fanout: Pipeline) -> None:
    """The folder of the layers then has another."""
    given = fanout.as_json()
    given["parameters"][4]["name"] = "data"
    for stage in given["stages"]:
        stage["inputs"] = {
            argument: "data" if name == "seed" else name for argument, name in stage["inputs"].items()
        }
    single = workflows(Pipeline.from_json(given)).singles[2]
    assert list(single.parameters) == ["data", "data_"]
    assert single.stages["load_train"].inputs == {"data": "data_"}


def test_a_type_that_stands_beside_the_stages_is_refused_with_its_line(fanout: Pipeline) -> None:
    """No other module could import it."""
    given = fanout.as_json()
    text = given["modules"]["stages"].replace(") -> Pipeline:", ") -> Forest:")
    given["modules"]["stages"] = f"{text}\n\nclass Forest:\n    pass\n"
    with pytest.raises(PipelineError, match=r"stages.py:\d+: 'Forest' is what train_model\(\) returns"):
        workflows(Pipeline.from_json(given))


def test_a_flow_of_metaflow_never_ends_with_a_join(fanout: Pipeline, tmp_path: Path) -> None:
    """Metaflow refuses it: of a mapped stage alone, a last step follows the join."""
    adapter = adapters.load(adapters.find("metaflow", adapters.discover()))
    adapter.launchpad(fanout, tmp_path)
    steps = (tmp_path / "src" / "score_segment_flow.py").read_text().split("@step")
    assert "def join_score_segment(self, inputs):" in steps[-2]
    assert steps[-1].strip().startswith("def end(self):\n        pass")


def test_texts_give_a_number_as_the_example_of_a_parameter(fanout: Pipeline) -> None:
    """Before a file, as it is the same on all machines; and the first workflow, which can run at once."""
    flows = workflows(fanout)
    assert flows.called() == "./run src/workflows.py full --seed 7"
    assert flows.called("--param {name}={value}", remote=True) == (
        "./run --remote src/workflows.py full --param seed=7"
    )
    assert flows.example == flows.singles[0].name


def test_texts_give_no_parameter_where_a_user_has_none_to_give() -> None:
    """Of a switch each tool has its own way to write it; then only the workflow is named."""
    flow = Pipeline("switched")
    flow.parameter("dry", bool, default=False)
    flows = Workflows("switched", flow, (Pipeline("only"),), "datasets")
    assert flows.given is None
    assert flows.called() == "./run src/workflows.py full"
    assert flows.example == "only"
