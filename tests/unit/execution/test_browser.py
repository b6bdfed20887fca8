"""What is made of a look at a page in the browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bench.contract.trial_exits import TrialFault
from bench.execution.browser import command, shown
from bench.host.redaction import Redaction


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


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium here")
def test_a_long_page_is_looked_at_in_time(folder: Path, tmp_path: Path) -> None:
    """2 MB in 20,000 elements, as the log of a long run, with something to click on at its end."""
    rows = "".join(f"<p>row {number} {'x' * 80}</p>\n" for number in range(20_000))
    script = "<script>document.querySelector('a').onclick = () => document.body.append('clicked')</script>"
    page = tmp_path / "long.html"
    page.write_text(f"<!doctype html><body>{rows}<a>the last</a>{script}</body>")
    asked = command(page.as_uri(), "the last", folder, tmp_path / "home")
    done = subprocess.run(
        asked.argv, cwd=asked.cwd, env=asked.env, timeout=asked.time_limit, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    found = shown(page.as_uri(), 0, folder, Redaction({}))
    assert found.count("row 19999 ") == 2
    assert found.count("clicked</body>") == 1
