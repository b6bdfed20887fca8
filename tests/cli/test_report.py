"""``bench report``: what it writes beside the scorecard."""

from pathlib import Path

import pytest

from tests.command_line import Cli
from tests.unit.sets import blocks, stored

WRITTEN = ("scorecard.html", "scorecard.md", "scores.csv", "metrics.parquet", "benchmark.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a small result set."""
    return stored(tmp_path / "set", *blocks(6, control=1.0, one=2.0)).folder


def test_a_report_writes_pages_tables_and_pictures(cli: Cli, folder: Path) -> None:
    """From the records alone."""
    done = cli("report", "set")
    assert done.returncode == 0, done.stderr
    assert all((folder / name).stat().st_size for name in WRITTEN)
    assert [path.name for path in (folder / "figures").iterdir()] == ["times-startup-hello-first-body.svg"]


def test_pictures_can_be_left_out(cli: Cli, folder: Path) -> None:
    """All else is written."""
    assert cli("report", "set", "--no-figures").returncode == 0
    assert all((folder / name).is_file() for name in WRITTEN)
    assert not (folder / "figures").exists()


def test_another_set_of_criteria_leaves_the_scorecard_of_the_default_one(cli: Cli, folder: Path) -> None:
    """Its files bear its name."""
    assert cli("report", "set", "--no-figures").returncode == 0
    before = (folder / "scorecard.html").read_bytes()
    done = cli("report", "set", "--no-figures", "--criteria", "operations")
    assert "scorecard-operations.html" in done.stdout
    assert (folder / "scorecard.html").read_bytes() == before
    assert (folder / "scorecard-operations.md").stat().st_size


def test_a_case_that_is_no_more_is_refused_in_one_line(cli: Cli, folder: Path) -> None:
    """What was measured is left as it is; the version that knows the case can read it."""
    records = folder / "records.jsonl"
    records.write_text(records.read_text().replace('"case":"hello"', '"case":"hullo"'))
    done = cli("report", "set")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "bench: startup/hullo was measured, and is no case of the scenarios here;"
    )
    assert done.stderr.count("\n") == 1


def test_nothing_half_written_is_left(cli: Cli, folder: Path) -> None:
    """Each file is put in its place at once."""
    cli("report", "set")
    assert not list(folder.glob("**/*.part"))


def test_the_calls_that_are_documented_for_notebooks_work(folder: Path) -> None:
    """As they stand in the documentation."""
    from tests.command_line import ROOT

    text = (ROOT / "docs" / "results.md").read_text()
    code = text.partition("```python\n")[2].partition("```")[0]
    known: dict[str, object] = {}
    exec(code.replace("bench-results/NAME", str(folder)), known)
    assert len(known["times"]) == 12  # type: ignore[arg-type]
