"""The scorecard in a real browser, on a laptop and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

WIDTHS = {"laptop": 1366, "tablet": 768, "phone": 360}

@pytest.fixture(scope="module")
def scorecard(measured: Path) -> Path:
    """Give the scorecard of a real run of the control."""
    return measured / "scorecard.html"


def opened(browser: Browser, scorecard: Path, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(scorecard.as_uri())
    return page


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_the_page_never_scrolls_sideways(browser: Browser, scorecard: Path, width: int) -> None:
    """Wide tables scroll in their own frame."""
    page = opened(browser, scorecard, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_number_leads_to_its_samples_and_they_to_a_log(browser: Browser, scorecard: Path) -> None:
    """Closed sections open by themselves, and the log shows as text."""
    page = opened(browser, scorecard, 1366)
    page.locator("a.figure").first.click()
    sample = page.locator(":target a.sample").first
    assert sample.is_visible()
    sample.click()
    assert page.locator(":target pre.command").is_visible()
    page.locator(":target a.log").first.click()
    page.wait_for_url("**/stdout.txt")


def test_the_page_logs_no_error(browser: Browser, scorecard: Path) -> None:
    """Neither of a script nor of something missing."""
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(scorecard.as_uri())
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Browser, scorecard: Path, scheme: str) -> None:
    """In light and dark: at least 4.5 to 1 (WCAG 2.2, success criterion 1.4.3)."""
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(scorecard.as_uri())
    ratios = page.evaluate(
        """() => {
          const light = c => { const [r, g, b] = c.match(/[0-9.]+/g).map(Number).map(v => v / 255)
            .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126*r + 0.7152*g + 0.0722*b; };
          const back = light(getComputedStyle(document.body).backgroundColor);
          return ['body', 'a', '.soft', 'th', '.good'].map(s => document.querySelector(s)).filter(Boolean)
            .map(e => light(getComputedStyle(e).color)).map(f => (Math.max(f, back) + 0.05) / (Math.min(f, back) + 0.05));
        }"""
    )
    assert len(ratios) >= 4
    assert min(ratios) >= 4.5
