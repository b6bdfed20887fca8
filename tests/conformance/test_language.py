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


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """Give what every tool showed of the pipeline ``language``, by tool."""
    folder = tmp_path_factory.mktemp("language") / "set"
    argv = [
        str(ROOT / "run"),
        "bench",
        "run",
        "--tool",
        "all",
        "--scenario",
        "reference",
        "--case",
        "flights",
    ]
    argv += ["--pipeline", str(ROOT / "pipelines" / "language" / "language.py"), "--output", str(folder)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {answer.verdict.trial.target.tool: answer for answer in view_of(Store(Path(folder))).answers}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_runs_what_users_write(answers: dict[str, Answer], tool: str) -> None:
    """Every stage is seen to run, and its output equals the control's."""
    verdict = answers[tool].verdict
    assert verdict.outcome == "measured", verdict.sentence
