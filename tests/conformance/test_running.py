"""Every adapter, for real: its tool runs every pipeline, and delivers what plain Python delivers."""

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
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Answer]:
    """Give what every tool showed in every case of the reference scenario, by tool and case."""
    folder = tmp_path_factory.mktemp("conformance") / "set"
    argv = [
        str(ROOT / "run"),
        "bench",
        "run",
        "--tool",
        "all",
        "--scenario",
        "reference",
        "--output",
        str(folder),
    ]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    view = view_of(Store(folder))
    return {
        (answer.verdict.trial.target.tool, answer.verdict.trial.case): answer for answer in view.answers
    }


@pytest.mark.parametrize("case", ["flights", "fanout", "hostile"])
@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_runs_a_pipeline_rightly(
    answers: dict[tuple[str, str], Answer], tool: str, case: str
) -> None:
    """Every stage is seen to run, and its output equals the control's."""
    verdict = answers[tool, case].verdict
    assert verdict.outcome == "measured", verdict.sentence


@pytest.mark.parametrize("tool", TOOLS)
def test_a_verifying_run_sees_every_value(answers: dict[tuple[str, str], Answer], tool: str) -> None:
    """What each stage returned and was given, as the control's run saw it."""
    # The control also runs again, to show what differs by itself.
    run, control = (answers[name, "flights"].attempts[0].runs[0] for name in (tool, "control"))
    assert set(run.delivered) == set(control.delivered)
    assert set(run.received) == set(control.received)


@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_of_a_run_is_left(answers: dict[tuple[str, str], Answer], tool: str) -> None:
    """No process outlives its time of grace in a run that ended well."""
    for run in answers[tool, "flights"].attempts[0].runs:
        assert run.left_behind == ()
        assert "empty" in run.marks


def test_a_missing_value_in_json_is_judged_for_every_tool(answers: dict[tuple[str, str], Answer]) -> None:
    """Measured, or failed where the tool refuses it; never an error."""
    assert {answers[tool, "gap"].verdict.outcome for tool in TOOLS} <= {"measured", "failed"}


def test_the_adapters_folders_hold_what_they_should() -> None:
    """The manifest, the class, the requirements, their lock and a page about the tool."""
    for name, folder in discover().items():
        for part in ("adapter.toml", "adapter.py", "requirements.in", "locks/requirements.txt"):
            assert Path(folder, part).is_file(), f"{name}: {part}"
