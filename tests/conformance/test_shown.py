"""What each tool really shows in the cases of visibility that ``quick`` has, and of a stage's progress."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bench.report.page_data import Answer, view_of
from bench.store.result_set import Store
from tests.command_line import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

TOOLS = ["flyte[local]", "kedro[local]", "kfp[local]", "metaflow[local]", "prefect[server]"]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Answer]:
    """Give what every target showed in every case, by target and case."""
    return shown(tmp_path_factory.mktemp("shown") / "set", "--profile", "quick")


def shown(folder: Path, *words: str) -> dict[tuple[str, str], Answer]:
    """Measure all tools in the cases that the words choose; by target and case."""
    argv = [str(ROOT / "run"), "bench", "run", "--tool", "all", "--scenario", "visibility"]
    argv += [*words, "--output", str(folder)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = view_of(Store(folder)).answers
    return {(one.verdict.trial.target.name.partition("@")[0], one.verdict.trial.case): one for one in found}


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_tells_its_graph(answers: dict[tuple[str, str], Answer], tool: str) -> None:
    """Metaflow draws which step goes on to which; the others, what is made from what."""
    verdict = answers[tool, "graph"].verdict
    expected = "order only" if tool == "metaflow[local]" else "true"
    assert verdict.words == {"graph": expected}, verdict.sentence


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_makes_a_page_with_the_picture(
    answers: dict[tuple[str, str], Answer], tool: str
) -> None:
    """A deck, a card, an artifact or a file, as each documentation shows it."""
    verdict = answers[tool, "report"].verdict
    assert verdict.words["page made"] == "shown", verdict.sentence


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_names_the_stage_and_the_exception(
    answers: dict[tuple[str, str], Answer], tool: str
) -> None:
    """In the terminal; the file and line too, but where the tool runs a copy of the code."""
    words = answers[tool, "failure"].verdict.words
    expected = "text only" if tool == "kfp[local]" else "shown"
    assert (words["stage"], words["exception"], words["line"]) == ("shown", "shown", expected)


def test_progress_is_shown_by_the_tools_that_have_means_for_it(tmp_path: Path) -> None:
    """A card and an artifact are read while the stage is at work; of a local deck nobody can be asked."""
    answers = shown(tmp_path / "set", "--profile", "standard", "--case", "progress")
    words = {
        tool: one.verdict.words.get("progress", one.verdict.outcome) for (tool, _), one in answers.items()
    }
    assert words == {
        "control[local]": "unsupported",
        "flyte[local]": "unsupported",
        "kedro[local]": "unsupported",
        "kfp[local]": "unsupported",
        "metaflow[local]": "shown",
        "prefect[server]": "shown",
    }


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium to open a page")
def test_tools_with_pages_of_their_own_show_the_failed_task_and_why(tmp_path: Path) -> None:
    """Kedro-Viz and Prefect's server run here; the others' pages are part of a backend."""
    answers = shown(tmp_path / "set", "--profile", "standard", "--case", "ui")
    seen = {tool for (tool, _), one in answers.items() if one.verdict.word == "all shown"}
    declared = {tool for (tool, _), one in answers.items() if one.verdict.outcome == "unsupported"}
    assert seen == {"kedro[local]", "prefect[server]"}
    assert declared == {"control[local]", "flyte[local]", "kfp[local]", "metaflow[local]"}
