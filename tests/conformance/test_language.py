"""What the pipeline language takes, every tool runs: natural code, names and values of any kind."""

import subprocess
from pathlib import Path

import pytest

from bench.adapters import discover
from bench.contract.adapter_manifest import read_manifest
from bench.report.page_data import Answer, view_of
from bench.store.result_set import Store
from tests.command_line import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]

TOOLS = [name for name, folder in discover().items() if read_manifest(folder).role == "tool"]


def shown(pipeline: Path, folder: Path) -> dict[str, Answer]:
    """Return what every tool showed of a pipeline, by tool."""
    argv = [str(ROOT / "run"), "bench", "run", "--tool", "all", "--scenario", "reference"]
    argv += ["--case", "flights", "--pipeline", str(pipeline), "--output", str(folder)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {answer.verdict.trial.target.tool: answer for answer in view_of(Store(folder)).answers}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """Give what every tool showed of the pipeline ``language``."""
    folder = tmp_path_factory.mktemp("language") / "set"
    return shown(ROOT / "pipelines" / "language" / "language.py", folder)


@pytest.fixture(scope="module")
def choices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """Give what every tool showed of a choice between two stages."""
    folder = tmp_path_factory.mktemp("choice") / "set"
    return shown(ROOT / "tests" / "pipelines" / "choice" / "both.py", folder)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_runs_what_users_write(answers: dict[str, Answer], tool: str) -> None:
    """Every stage is seen to run, and its output equals the control's."""
    verdict = answers[tool].verdict
    assert verdict.outcome == "measured", verdict.sentence


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_chooses_by_its_own_means_or_has_none(choices: dict[str, Answer], tool: str) -> None:
    """Kedro's graph is fixed when the project is loaded."""
    verdict = choices[tool].verdict
    assert verdict.outcome == ("unsupported" if tool == "kedro" else "measured"), verdict.sentence
