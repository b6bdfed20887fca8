"""The scorecard in a real browser, on a laptop and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def scorecard(measured: Path) -> Path:
    """Give the scorecard of a real run of the control."""
    return measured / "scorecard.html"


def opened(browser: Browser, scorecard: Path, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(scorecard.as_uri())
    return page


def test_a_number_leads_to_its_samples_and_they_to_a_log(browser: Browser, scorecard: Path) -> None:
    """Closed sections open by themselves, and the page, opened alone, tells how to see the log."""
    page = opened(browser, scorecard, 1366)
    number = page.locator("table a.figure").first
    number.evaluate(
        "one => { for (let at = one; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; }"
    )
    number.click()
    sample = page.locator(":target a.sample").first
    assert sample.is_visible()
    sample.click()
    row = page.locator(":target")
    assert row.get_by_text("out", exact=True).is_visible()
    row.locator("a[href^='#x-']").click()
    assert page.locator("pre:target").is_visible()
    page.go_back()
    row.get_by_text("out", exact=True).click()
    assert "bench logs " in page.locator("#how-to-see-logs code").inner_text()


def test_the_page_logs_no_error(browser: Browser, scorecard: Path) -> None:
    """Neither of a script nor of something missing."""
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(scorecard.as_uri())
    assert problems == []
