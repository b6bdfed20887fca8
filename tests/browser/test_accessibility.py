"""The page can be read by everybody, and on anything: checked by axe-core and in narrow windows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

Opened = Callable[..., Page]
WIDTHS = {"laptop": 1366, "tablet": 768, "phone": 360}
OPEN_SOME = """() => document.querySelectorAll('main > section').forEach(
  part => [...part.querySelectorAll('details')].slice(0, 8).forEach(one => { one.open = true; }))"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach(one => { one.open = true; })"


@pytest.fixture(params=["measured", "tools", "published"])
def folder(request: pytest.FixtureRequest) -> Path:
    """Give a real run of the control, the set of four tools, and a whole published one."""
    found: Path = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Opened, axe: str, folder: Path, scheme: str) -> None:
    """By all of its rules, best practices too, with eight closed sections opened in each part."""
    page = opened(folder, color_scheme=scheme)
    page.evaluate(OPEN_SOME)
    page.evaluate(axe)
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    told = [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:300]} {one['nodes'][0]['failureSummary']}"
        for one in found["violations"]
    ]
    assert told == []
    assert len(found["passes"]) > 20


def test_axe_finds_a_planted_fault(opened: Opened, axe: str, tools: Path) -> None:
    """So that finding nothing means something: a control without a name, and text that is too pale."""
    page = opened(tools)
    page.evaluate(
        """() => { document.querySelector('main').insertAdjacentHTML('afterbegin',
          '<p style="color: #ccc; background: #fff">pale</p><input>'); }"""
    )
    page.evaluate(axe)
    found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
    assert {"color-contrast", "label"} <= {one["id"] for one in found["violations"]}


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_the_page_never_scrolls_sideways(opened: Opened, folder: Path, width: int) -> None:
    """Wide tables scroll in their own frame, all sections opened."""
    page = opened(folder, width=width)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_frames_that_scroll_are_reached_by_the_tab_key(opened: Opened, tools: Path) -> None:
    """And those that do not scroll are no stop of it."""
    page = opened(tools, width=360)
    assert page.locator("[aria-label=totals]").get_attribute("tabindex") == "0"
    page.set_viewport_size({"width": 1366, "height": 900})
    page.wait_for_function("!document.querySelector('[aria-label=totals]').hasAttribute('tabindex')")


def test_a_change_is_announced(opened: Opened, tools: Path) -> None:
    """Politely: only sentences that changed change in the page."""
    page = opened(tools)
    assert page.locator("#verdict").get_attribute("aria-live") == "polite"
    page.evaluate(
        """() => { window.told = []; new MutationObserver(all => all.forEach(one => told.push(one.target.textContent)))
          .observe(document.getElementById('verdict'), {childList: true, subtree: true, characterData: true}); }"""
    )
    page.get_by_label("weight of security").fill("1")
    assert page.evaluate("told.length") == 0
    page.get_by_label("weight of security").fill("10")
    assert page.evaluate("told.length") > 0


def test_print_shows_tables_whole_and_no_controls(opened: Opened, tools: Path) -> None:
    """On paper nothing scrolls and nothing is moved."""
    page = opened(tools)
    page.emulate_media(media="print")
    assert not page.locator("#controls").is_visible()
    assert page.locator("#totals").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "visible"
