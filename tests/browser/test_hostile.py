"""What tools say is data: it shows as text, and runs nothing."""

import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from bench.commands._page_server import server
from bench.report import bundle
from bench.store.result_set import Store
from tests.browser.sets import HOSTILE, hostile_tool

LIMIT = 3_000_000
SEEN = "<script>document.title='run'</script><img src=x onerror=alert(1)></script>\\u202eevil\\u001b[31m"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the result set of a tool that is named, says and writes what is hostile."""
    return hostile_tool(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def asked(browser: Browser, hostile: Path) -> tuple[Page, list[str], list[str]]:
    """Give the page, what it asked the network for, and what it made the browser say."""
    page = browser.new_page()
    requests: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: requests.append(request.url))

    def told(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", told)
    page.goto((hostile / "scorecard.html").as_uri())
    return page, requests, dialogs


def test_markup_of_a_tool_shows_as_text_and_runs_nothing(asked: tuple[Page, list[str], list[str]]) -> None:
    """As a name, as a sentence, in a command, as an error of a body."""
    page, _, dialogs = asked
    assert page.title().startswith("Scorecard")
    assert page.locator("img").count() == 0
    assert dialogs == []
    assert page.locator("#totals th").filter(has_text=SEEN).count() == 1
    assert SEEN in page.locator("#verdict").inner_text()
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.locator("#tests").locator("xpath=..").inner_text().count("<script>") > 3


def test_hidden_characters_are_shown_as_what_they_are(asked: tuple[Page, list[str], list[str]]) -> None:
    """Nowhere on the page, and in no attribute, does one stand as itself."""
    page, _, _ = asked
    whole = page.content()
    assert not {"\u202e", "\x1b"} & set(whole)


def test_after_a_change_of_weights_a_name_is_still_text(asked: tuple[Page, list[str], list[str]]) -> None:
    """The script writes texts, and no markup."""
    page, _, dialogs = asked
    page.get_by_label("weight of caching").fill("9")
    assert page.locator("img").count() == 0
    assert dialogs == []
    assert SEEN in page.locator("#verdict").inner_text()


def test_the_page_asks_for_nothing_but_itself(
    asked: tuple[Page, list[str], list[str]], hostile: Path
) -> None:
    """Neither when it is opened nor when it is used."""
    page, requests, _ = asked
    page.get_by_role("switch").click()
    page.locator("#heat a").first.click()
    assert {url.partition("#")[0] for url in requests} == {(hostile / "scorecard.html").as_uri()}


def clicked(browser: Browser, address: str) -> Page:
    """Open a page, and follow the link to the log of its hostile tool."""
    page = browser.new_page()
    page.goto(address)
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.locator("a[href='evidence/hostile-1/0-fresh/stdout.txt']").click()
    return page


def test_a_log_with_markup_opens_as_text(browser: Browser, hostile: Path, tmp_path: Path) -> None:
    """Its script does not run: neither served by bench view, nor from a bundle."""
    bundle(Store(hostile), tmp_path / "bundle")
    with server(Store(hostile), 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        for address in (serving.address, (tmp_path / "bundle" / "scorecard.html").as_uri()):
            page = clicked(browser, address)
            assert page.url.endswith("evidence/hostile-1/0-fresh/stdout.txt")
            assert HOSTILE.startswith("<script>")
            assert "<script>" in page.locator("body").inner_text()
            assert page.title() != "run"
        serving.shutdown()


def test_a_page_that_is_opened_alone_says_how_to_see_a_log(browser: Browser, hostile: Path) -> None:
    """Right below the run, as a command that can be pasted."""
    page = clicked(browser, (hostile / "scorecard.html").as_uri())
    assert page.url == (hostile / "scorecard.html").as_uri()
    said = page.locator("#how-to-see-logs code").inner_text()
    assert said == f"bench logs hostile-1 --file '0-fresh/stdout.txt' --set '{hostile}'"


def test_a_page_is_smaller_than_three_megabytes(published: Path, tools: Path) -> None:
    """Of the greatest published set too."""
    assert all((folder / "scorecard.html").stat().st_size < LIMIT for folder in (published, tools))


def test_the_page_runs_no_script_but_its_own(
    asked: tuple[Page, list[str], list[str]],
) -> None:
    """Its policy names them by their hashes, so that markup that came through would still do nothing."""
    page, _, dialogs = asked
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(f"{request.url} {request.failure}"))
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'run'";
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend",
                '<img src="https://example.org/x" onerror="alert(1)"><a id="live" href="javascript:alert(2)">x</a>');
            document.getElementById("live").click();
        }"""
    )
    page.wait_for_timeout(200)
    assert page.title().startswith("Scorecard")
    assert dialogs == []
    assert [one.startswith("https://example.org/x ") for one in failed] == [True]


def test_the_policy_stops_nothing_of_the_page_itself(browser: Browser, hostile: Path) -> None:
    """Style, scripts and the shades of the heat map: the browser has nothing to complain of."""
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto((hostile / "scorecard.html").as_uri())
    page.get_by_label("weight of caching").fill("9")
    assert told == []
    assert page.evaluate("() => getComputedStyle(document.body).maxWidth") != "none"
