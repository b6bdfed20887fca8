"""A real browser, and result sets to look at."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bench.report import write
from bench.store.result_set import Store
from tests.browser.sets import measured_tools
from tests.command_line import ROOT

CHROMIUM = shutil.which("chromium")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder; without a browser there is nothing to test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            reason = "no chromium here; .ci/run installs it"
            item.add_marker(pytest.mark.skipif(CHROMIUM is None, reason=reason))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a headless Chromium that asks nothing of the network."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the result set of four tools with known times and answers. Treat it as read-only."""
    return measured_tools(tmp_path_factory.mktemp("tools"))


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the greatest published result set, reported anew. Its evidence is not copied."""
    sets = [folder for folder in (ROOT / "results").iterdir() if folder.is_dir()]
    greatest = max(sets, key=lambda folder: (folder / "records.jsonl").stat().st_size)
    copy = tmp_path_factory.mktemp("published")
    for name in ("manifest.json", "records.jsonl"):
        shutil.copy(greatest / name, copy)
    write(Store(copy))
    return copy


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the source of axe-core, as pinned by version and hash in ``package-lock.json``."""
    npm = shutil.which("npm")
    assert npm, "npm is needed, for axe-core; on Debian: apt-get install npm"
    folder = tmp_path_factory.mktemp("npm")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a scorecard; whatever it logs as an error fails the test at its end."""
    pages: list[Page] = []
    problems: list[str] = []

    def open_(folder: Path, address: str = "", width: int = 1366, **context: object) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, **context)  # type: ignore[arg-type]
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto((folder / "scorecard.html").as_uri() + address)
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.close()
    assert problems == []
