"""What a tool asks of its users beside the stages, counted in projects of which the count is known."""

import sys
from pathlib import Path

import pytest

from bench import scenarios
from bench.pipeline import Pipeline
from tests import shared

ROOT = Path(__file__).parents[3]
_ = scenarios.load(ROOT / "scenarios" / "development").scenario
wiring = sys.modules["_bench_scenario_development.wiring"]
said = sys.modules["_bench_scenario_development.said"]


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return shared.definition("erring").pipeline


@pytest.fixture
def project(tmp_path: Path, pipeline: Pipeline) -> Path:
    """Give a project with the stages as they are."""
    (tmp_path / "stages.py").write_text(pipeline.modules["stages"])
    return tmp_path


def test_stages_alone_are_no_wiring(project: Path, pipeline: Pipeline) -> None:
    """Nor is a comment, or another layout."""
    file = project / "stages.py"
    file.write_text(file.read_text().replace("\n\n\ndef train", "\n\n# trains\n\n\ndef train"))
    found = wiring.count(pipeline, project, [])
    assert (found.tokens, found.files, found.names) == (0, 0, ())


def test_a_decorator_counts_its_tokens_and_its_name(project: Path, pipeline: Pipeline) -> None:
    """``from tool import task`` is four tokens, ``@task`` two."""
    file = project / "stages.py"
    text = file.read_text().replace("def assess(", "@task\ndef assess(")
    file.write_text(text.replace("import json\n", "import json\nfrom tool import task\n", 1))
    found = wiring.count(pipeline, project, [])
    assert (found.tokens, found.files, found.names) == (6, 1, ("tool.task",))


def test_keywords_of_the_tool_and_what_a_class_inherits_are_concepts(
    project: Path, pipeline: Pipeline
) -> None:
    """But not what it sets itself, nor what the user's own functions take."""
    (project / "flow.py").write_text(
        "import stages\nimport tool\n\n\nclass Flow(tool.Flow):\n    @tool.step(start=True)\n"
        "    def gather(self):\n        self.gathered = stages.gather(day='2026-01-07', count=5)\n"
        "        self.next(self.train)\n\n    def train(self):\n        stages.train(gathered=self.gathered)\n"
    )
    found = wiring.count(pipeline, project, [])
    assert found.names == ("tool.Flow.next", "tool.step")
    assert found.keywords == ("tool.step(start)",)


def test_names_that_the_stages_state_already_are_counted_as_said_again(
    project: Path, pipeline: Pipeline
) -> None:
    """In ``stages.train(gathered=gathered)`` these are three."""
    (project / "main.py").write_text("stages.train(gathered=gathered)\n")
    assert wiring.count(pipeline, project, []).repeated == 3


def test_keys_of_configuration_count_but_not_the_users_names(project: Path, pipeline: Pipeline) -> None:
    """An output's entry is the user's; its type and path are the tool's to ask for."""
    (project / "catalog.yml").write_text(
        "gathered:\n  type: json.JSONDataset\n  filepath: data/gathered.json\n"
    )
    assert wiring.count(pipeline, project, []).keys == ("filepath", "type")


def test_flags_count_but_not_those_of_the_parameters(project: Path, pipeline: Pipeline) -> None:
    """``--day`` is the user's own."""
    command = ["run", "--day=2026-01-07", "--environment", "local", "--results", "x"]
    assert wiring.count(pipeline, project, command).flags == ("--environment",)


@pytest.mark.parametrize(
    "text",
    [
        'File "/a/stages.py", line 12, in assess',
        "/a/stages.py:12: error",
        "│ /home/a/very/long/path/sta │\n│ ges.py:12 in assess │",
        "stages.py │ 12",
    ],
)
def test_a_line_is_named_right_after_its_file(text: str) -> None:
    """However the tool prints and wraps it."""
    assert said.named(text, [("src/stages.py", 12)], None, ()) == {"file": True, "line": True}


@pytest.mark.parametrize(
    "text", ["stages.py:112", "stages.py:120", "stages.py:13", "line 12", "other.py:12"]
)
def test_another_line_or_another_file_does_not_count(text: str) -> None:
    """A number alone says nothing."""
    assert said.named(text, [("src/stages.py", 12)], None, ())["line"] is False


def test_a_stage_is_named_only_by_its_whole_name() -> None:
    """``assessed`` is not the stage ``assess``; ``erring.assess`` is."""
    assert said.named("assessed: None", [], "assess", ()) == {"stage": False}
    assert said.named("in erring.assess:", [], "assess", ()) == {"stage": True}


def test_the_length_of_a_message_does_not_count() -> None:
    """A thousand lines of noise around it change nothing."""
    short = said.named("stages.py:12 assess None", [("stages.py", 12)], "assess", ("None",))
    noise = "nothing to see here\n" * 1000
    assert (
        said.named(f"{noise}stages.py:12 assess None\n{noise}", [("stages.py", 12)], "assess", ("None",))
        == short
    )


def test_the_lines_of_an_edit_are_those_that_differ() -> None:
    """Blank ones are left out."""
    before, after = {"a.py": ["one", "two"]}, {"a.py": ["one", "", "three"], "b.py": ["new"]}
    assert said.differing(before, after) == [("a.py", 3), ("b.py", 1)]
