"""``bench check`` and ``bench run --pipeline``: a user's own pipeline is tried in plain Python first."""

import re
from pathlib import Path

import pytest

from tests import own
from tests.command_line import Cli


@pytest.fixture
def mine(cli: Cli) -> Path:
    """Write a pipeline of a user's own."""
    folder = cli.folder / "mine"
    folder.mkdir(exist_ok=True)
    for name, text in own.FILES.items():
        (folder / name).write_text(text.lstrip())
    return folder / "pipeline.py"


def test_a_pipeline_that_works_is_told_with_who_can_take_it(cli: Cli, mine: Path) -> None:
    """No tool is started, and each target has a line."""
    done = cli("check", str(mine))
    assert done.returncode == 0, done.stderr
    assert "pipeline 'small'" in done.stdout
    assert "plain Python: it works" in done.stdout
    assert "wrote shown.txt" in done.stdout
    for tool in ("flyte", "kedro", "kfp", "metaflow", "prefect"):
        assert re.search(rf"^{tool}\[local\] +can take it$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    "command", [("check",), ("run", "--tool", "control", "--scenario", "reference", "--pipeline")]
)
def test_a_users_exception_comes_first_and_nothing_else_is_run(
    cli: Cli, mine: Path, command: tuple[str, ...]
) -> None:
    """With its type, its text and the frames of the user's files."""
    stages = mine.with_name("stages.py")
    stages.write_text(stages.read_text().replace("return rounded(sum(numbers))", 'raise KeyError("plan")'))
    done = cli(*command, str(mine))
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("bench: "))
    assert lines[first] == "bench: your pipeline fails in plain Python: KeyError: 'plan'"
    assert re.fullmatch(
        rf'  {re.escape(str(stages))}:\d+, in total: raise KeyError\("plan"\)', lines[first + 1]
    )
    assert "[1/" not in done.stderr


def test_a_graph_that_raises_or_never_ends_is_told_in_seconds(cli: Cli, mine: Path) -> None:
    """With the user's line."""
    text = mine.read_text()
    mine.write_text(text.replace("    return flow", "    return 1 / 0"))
    done = cli("check", str(mine))
    assert done.returncode == 1
    assert f"your pipeline fails in plain Python: {mine}:14: ZeroDivisionError" in done.stderr
    mine.write_text(text.replace("    return flow", "    while True: pass"))
    done = cli("check", "--time-limit", "2", str(mine))
    assert done.returncode == 1
    assert f"{mine}:14: pipeline() was not done after 2 s" in done.stderr


@pytest.mark.parametrize("command", [("check",), ("run", "--plan", "--pipeline"), ("run", "--pipeline")])
def test_a_pipeline_that_does_not_exist_is_refused(cli: Cli, command: tuple[str, ...]) -> None:
    """Also by the plan, which runs nothing."""
    done = cli(*command, "nowhere.py")
    assert done.returncode == 2
    assert "no pipeline file" in done.stderr


def test_a_plan_says_whose_pipeline_each_case_runs_and_how_long_it_takes(cli: Cli, mine: Path) -> None:
    """As the check has measured it."""
    mine.write_text(f"# not run before\n{mine.read_text()}")
    argv = (
        "run",
        "--plan",
        "--tool",
        "control",
        "--scenario",
        "reference,caching",
        "--pipeline",
        str(mine),
    )
    first = cli(*argv)
    assert first.returncode == 0, first.stderr
    assert "your pipeline 'small': read, total, scale, show" in first.stdout
    assert f"run: bench check {mine}" in first.stdout
    assert cli("check", str(mine)).returncode == 0
    lines = cli(*argv).stdout.splitlines()
    flights = next(line for line in lines if line.startswith("reference/flights"))
    assert flights.endswith("; your pipeline 'small'")
    assert "unknown" not in flights
    assert next(line for line in lines if line.startswith("caching/body")).endswith(
        "bench's own pipeline 'reuse'"
    )
    assert next(
        line for line in lines if line.startswith("caching/own-stage (small): 3 trials in 3 blocks")
    )


def test_a_first_answer_runs_only_the_users_pipeline(cli: Cli, mine: Path) -> None:
    """Who names no scenario wants to know about the pipeline, within minutes."""
    lines = cli("run", "--plan", "--tool", "control", "--pipeline", str(mine)).stdout.splitlines()
    cases = [line for line in lines if " trials in " in line and not line.startswith("in all")]
    assert {line.partition(" ")[0] for line in cases} == {
        "caching/own-stage",
        "caching/own-parameter",
        "caching/own-file",
        "recovery/own-killed",
        "reference/flights",
    }
    assert all(line.endswith("your pipeline 'small'") for line in cases)


def test_a_pipeline_that_no_case_would_run_is_refused(cli: Cli, mine: Path) -> None:
    """Before, it was passed over without a word."""
    done = cli("run", "--scenario", "overhead", "--pipeline", str(mine))
    assert done.returncode == 2
    assert "none of the cases asked for runs your pipeline" in done.stderr
    assert "reference" in done.stderr


def test_a_result_set_says_whose_pipeline_it_asked_about(cli: Cli, mine: Path) -> None:
    """In the terminal, on the page and in Markdown; bench's own pipelines are labelled, too."""
    argv = (
        "run",
        "--tool",
        "control",
        "--scenario",
        "reference",
        "--pipeline",
        str(mine),
        "--output",
        "set",
    )
    done = cli(*argv)
    assert done.returncode == 0, done.stderr
    told = "Your pipeline is 'small', with the stages read, total, scale, show. 1 of 4 cases runs it"
    assert told in " ".join(done.stdout.split())
    assert f"--pipeline {mine}" in done.stdout
    for name in ("scorecard.html", "scorecard.md"):
        text = (cli.folder / "set" / name).read_text().replace("&#39;", "'")
        assert told in text
        assert "(your pipeline 'small')" in text
        assert "(bench's own pipeline 'hostile')" in text


def test_an_export_leaves_the_users_data_out_unless_asked(cli: Cli, mine: Path) -> None:
    """It would go into the image, and to wherever that is sent."""
    done = cli("export", "control", "pad", "--pipeline", str(mine))
    assert done.returncode == 0, done.stderr
    assert "your data was not copied; put these files into pad/data/01_raw: items.csv" in done.stdout
    assert not (cli.folder / "pad" / "data" / "01_raw" / "items.csv").exists()
    assert "`items.csv` into `data/01_raw/`" in (cli.folder / "pad" / "README.md").read_text()
    assert cli("export", "control", "full", "--with-data", "--pipeline", str(mine)).returncode == 0
    assert (cli.folder / "full" / "data" / "01_raw" / "items.csv").read_text() == own.FILES["items.csv"]


def test_a_run_that_is_refused_leaves_no_folder(cli: Cli, mine: Path) -> None:
    """An empty one would be taken for the newest result set."""
    stages = mine.with_name("stages.py")
    stages.write_text(stages.read_text().replace("return rounded(sum(numbers))", 'raise KeyError("plan")'))
    done = cli("run", "--tool", "control", "--pipeline", str(mine))
    assert done.returncode == 1
    assert "your pipeline fails in plain Python" in done.stderr
    assert not (cli.folder / "bench-results").exists()
