"""What is made of a look at a page in the browser."""

from pathlib import Path

import pytest

from bench.contract.trial_exits import TrialFault
from bench.execution.browser import shown
from bench.store.redaction import Redaction


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a look, with what was said on the way."""
    for name in ("stdout.txt", "stderr.txt"):
        (tmp_path / name).write_text("")
    return tmp_path


def test_a_page_is_read_as_it_opens_and_after_the_click(folder: Path) -> None:
    """What only one of them shows is shown."""
    (folder / "opened.html").write_text("<p>of the run</p>")
    (folder / "clicked.html").write_text("<p>of the task</p>")
    page = shown("http://127.0.0.1:1", 0, folder, Redaction({}))
    assert page == "<p>of the run</p>\n<p>of the task</p>"


@pytest.mark.parametrize("exit_code", [1, None])
def test_a_look_that_was_cut_off_says_nothing_of_a_tool(folder: Path, exit_code: int | None) -> None:
    """The page had opened, and what a click would have shown was never seen."""
    (folder / "opened.html").write_text("<p>of the run</p>")
    with pytest.raises(TrialFault, match=r"Chromium was not done with http://127\.0\.0\.1:1"):
        shown("http://127.0.0.1:1", exit_code, folder, Redaction({}))
