"""Sliders, switch and address: the page computes what the command line does."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from bench.report.page_data import view_of
from bench.report.score_view import Basis, Scored
from bench.report.sentences import TOLD, turns
from bench.scoring.criteria_files import load
from bench.scoring.ranks import Ranking, ranking
from bench.store.result_set import Store

Opened = Callable[..., Page]
NAMES = tuple(load("default").weights)
WEIGHTS = (
    (3.0, 3.0, 3.0, 3.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0),
    (1.0,) * 11,
    (0.0, 0.5, 0.0, 1.0, 7.5, 0.0, 10.0, 0.0, 3.0, 2.5, 4.0),
)
SIX = 5e-7


@pytest.fixture(scope="module")
def scored(tools: Path) -> Scored:
    """Give the scores that the page of the four tools was made from."""
    found = view_of(Store(tools)).scored
    assert found is not None
    return found


def address(weights: tuple[float, ...], basis: str) -> str:
    return f"#w={','.join(f'{one:g}' for one in weights)}&basis={basis}"


def totals(page: Page) -> list[dict[str, Any]]:
    """Return what the rows of the order hold, in their order, with their visible texts."""
    rows: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll('#totals tbody tr')].map(row => ({...row.dataset,
          name: row.querySelector('th').firstChild.textContent,
          place: row.querySelector('[data-field=place]').textContent}))"""
    )
    return rows


def chances(page: Page) -> dict[str, list[float]]:
    """Return the probability of each place, by target."""
    found: dict[str, list[float]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('#chances tbody tr')].map(row => [
          row.querySelector('th').textContent, [...row.cells].slice(1).map(cell => Number(cell.dataset.share))]))"""
    )
    return found


def pairs(page: Page) -> dict[tuple[int, int], dict[str, str]]:
    trials = page.evaluate(
        "() => [...document.querySelectorAll('#pairs td')].map(trial => ({...trial.dataset}))"
    )
    return {(int(trial["one"]), int(trial["other"])): trial for trial in trials}


def same(page: Page, found: Ranking, names: list[str]) -> None:
    """Check totals, intervals, places, leaders and pairs to six digits."""
    rows = totals(page)
    assert [row["name"] for row in rows] == [total.target for total in found.totals]
    for row, total in zip(rows, found.totals, strict=True):
        shown = [float(row[name]) for name in ("low", "high", "begin", "end", "known", "documented")]
        expected = [total.low, total.high, *total.interval, total.known, total.documented]
        assert shown == pytest.approx(expected, abs=SIX)
        assert (int(row["best"]), int(row["worst"])) == total.place
        assert (row["leads"] == "true") == (total.target in found.leaders)
        assert chances(page)[row["name"]] == pytest.approx(total.places, abs=SIX)
    trials = pairs(page)
    for pair in found.pairs:
        trial = trials[names.index(pair.first), names.index(pair.second)]
        assert trial["relation"] == pair.relation
        assert float(trial["difference"]) == pytest.approx(pair.difference, abs=SIX)
        assert float(trial["share"]) == pytest.approx(pair.share, abs=SIX)


@pytest.mark.parametrize("basis", ["all", "measured"])
@pytest.mark.parametrize("weights", WEIGHTS, ids=["own", "equal", "mixed"])
def test_the_page_computes_what_the_harness_does(
    opened: Opened, tools: Path, scored: Scored, weights: tuple[float, ...], basis: Basis
) -> None:
    """To six digits, from the same draws."""
    page = opened(tools, address(weights, basis))
    scores = scored.weighed[basis].scores
    given = dict(zip(NAMES, weights, strict=True))
    same(page, ranking(scores, given), [target.name for target in scores.targets])


@pytest.mark.parametrize("basis", ["all", "measured"])
def test_what_would_change_the_leader_is_said_of_the_set_s_own_weights(
    opened: Opened, tools: Path, scored: Scored, basis: Basis
) -> None:
    """Of other weights it is not computed: the sentence then says which ones it is about."""
    told = turns(scored.weighed[basis])
    own = tuple(scored.criteria.weights.values())
    sentence = opened(tools, address(own, basis)).locator("#verdict p").nth(2)
    assert sentence.inner_text() == told
    other = opened(tools, address(WEIGHTS[2], basis)).locator("#verdict p").nth(2)
    assert other.inner_text() == TOLD["of_own"].format(turns=told)


def test_the_page_agrees_with_the_command_line(opened: Opened, tools: Path, tmp_path: Path) -> None:
    """A criteria file and the sliders ask the same, and get the same totals in ``scores-mine.csv``."""
    given = dict(zip(NAMES, WEIGHTS[2], strict=True))
    lines = "\n".join(f'"{name}" = {one}' for name, one in given.items())
    file = tmp_path / "mine.toml"
    file.write_text(f'name = "mine"\nextends = "default"\n\n[weights]\n{lines}\n')
    copy = tmp_path / "set"
    copy.mkdir()
    for name in ("manifest.json", "records.jsonl"):
        (copy / name).write_bytes((tools / name).read_bytes())
    subprocess.run([sys.executable, "-m", "bench", "report", copy, "--criteria", file], check=True)
    for basis in ("all", "measured"):
        rows = totals(opened(tools, address(WEIGHTS[2], basis)))
        with (copy / "scores-mine.csv").open() as table:
            told = [
                row for row in csv.DictReader(table) if (row["basis"], row["level"]) == (basis, "total")
            ]
        assert [row["name"] for row in rows] == [row["target"] for row in told]
        for row, expected in zip(rows, told, strict=True):
            for name in ("low", "high", "known", "documented"):
                assert float(row[name]) == pytest.approx(float(expected[name]), abs=SIX)


def test_without_a_script_the_page_says_the_same(opened: Opened, tools: Path) -> None:
    """Under the set's own weights, sentence by sentence and trial by trial."""
    parts = ["#verdict", "#totals", "#chances", "#pairs", "#heat"]
    plain = opened(tools, java_script_enabled=False)
    live = opened(tools)
    assert live.locator("#controls").is_visible()
    assert not plain.locator("#controls").is_visible()
    for part in parts:
        assert live.locator(part).inner_text() == plain.locator(part).inner_text()


def test_a_slider_moved_by_arrow_keys_changes_the_order(opened: Opened, tools: Path) -> None:
    """And the number beside it, the verdict and the address."""
    page = opened(tools, address((0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0.5), "all"))
    before, verdict = [row["name"] for row in totals(page)], page.locator("#verdict").inner_text()
    slider = page.get_by_role("slider", name="user administration")
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    assert page.get_by_label("weight of user administration").input_value() == "10"
    assert [row["name"] for row in totals(page)] != before
    assert page.locator("#verdict").inner_text() != verdict
    page.wait_for_url("**/scorecard.html#w=0,0,0,0,0,0,0.5,0,0,10,0.5")


def test_the_address_restores_a_view(opened: Opened, tools: Path) -> None:
    """Weights, switch and the place on the page; the view survives a click on a link."""
    page = opened(tools)
    page.get_by_label("weight of caching").fill("7.5")
    page.get_by_role("switch").click()
    page.wait_for_url("**#w=*&basis=measured")
    page.locator("#heat a").first.click()
    page.wait_for_url("**#w=*&basis=measured&at=k-1")
    other = opened(tools, page.url[page.url.index("#") :])
    assert other.get_by_label("weight of caching").input_value() == "7.5"
    assert other.get_by_role("switch").is_checked()
    assert totals(other) == totals(page)


@pytest.mark.parametrize(
    "bad", ["#w=1,2", "#w=x", f"#w={','.join(['-1'] * 11)}", f"#w={','.join('0' * 11)}", "#w=NaN"]
)
def test_a_bad_address_is_passed_over(opened: Opened, tools: Path, bad: str) -> None:
    """The set's own weights stay, and it is said."""
    page = opened(tools, bad)
    assert totals(page) == totals(opened(tools))
    assert page.locator("#view").inner_text() == TOLD["bad_address"]


def test_a_number_may_be_greater_than_the_slider_reaches(
    opened: Opened, tools: Path, scored: Scored
) -> None:
    """What the verdict names may be that far away."""
    page = opened(tools)
    page.get_by_label("weight of caching").fill("42.5")
    scores = scored.weighed["all"].scores
    found = ranking(scores, scores.criteria.weights | {"caching": 42.5})
    same(page, found, [target.name for target in scores.targets])
    page.wait_for_url("**#w=*,42.5,*")


def test_an_address_without_a_view_is_none(opened: Opened, tools: Path) -> None:
    """Such as one that ends in a question mark."""
    page = opened(tools, "#?")
    assert totals(page) == totals(opened(tools))
    assert not page.locator("#view").is_visible()


def test_a_view_that_is_not_the_set_s_own_says_so(opened: Opened, tools: Path) -> None:
    """On paper too: a reader sees which weights were changed, and that documents do not count."""
    page = opened(tools)
    assert not page.locator("#view").is_visible()
    page.get_by_label("weight of caching").fill("7.5")
    page.get_by_role("switch").click()
    told = (
        "These are not the set's own weights: caching 7.5 in place of 2. Documented answers are left out."
    )
    assert page.locator("#view").inner_text() == told
    page.emulate_media(media="print")
    assert page.locator("#view").is_visible()


def test_the_buttons_set_all_weights(opened: Opened, tools: Path) -> None:
    """All equal, and back to the set's own, which needs nothing in the address."""
    page = opened(tools)
    own = totals(page)
    page.get_by_role("button", name="All equal").click()
    page.wait_for_url("**#w=1,1,1,1,1,1,1,1,1,1,1")
    page.get_by_role("button", name="own weights").click()
    page.wait_for_url("**/scorecard.html")
    assert totals(page) == own


def test_the_last_weight_above_0_stays(opened: Opened, tools: Path) -> None:
    """With none there is nothing to order; it is said, and the view stays as it was."""
    page = opened(tools)
    for name in NAMES[:-1]:
        page.get_by_label(f"weight of {name}").fill("0")
    before = totals(page)
    last = page.get_by_label(f"weight of {NAMES[-1]}")
    last.fill("0")
    assert last.input_value() == "1"
    assert page.locator("#view").inner_text().startswith("At least one weight must be above 0.")
    assert totals(page) == before


def test_what_is_withheld_stays_so_under_any_weights(opened: Opened, tools: Path, tmp_path: Path) -> None:
    """With too few samples there are no places and no leaders, whatever is moved."""
    store = Store(tools)
    few = tmp_path / "few"
    few.mkdir()
    (few / "manifest.json").write_bytes(store.manifest.read_bytes())
    lines = store.records.read_text().splitlines()
    kept = [line for line in lines if json.loads(line)["trial"]["block"] < 3]
    (few / "records.jsonl").write_text("\n".join(kept) + "\n")
    subprocess.run([sys.executable, "-m", "bench", "report", few], check=True)
    page = opened(few)
    page.get_by_role("button", name="All equal").click()
    assert page.locator("#verdict").inner_text().startswith("No order is claimed")
    assert {row["place"] for row in totals(page)} == {"not claimed"}
    assert {row["leads"] for row in totals(page)} == {"false"}


@pytest.mark.benchmarks
def test_a_change_is_drawn_at_once(opened: Opened, tools: Path) -> None:
    """Within 50 ms, so that a slider can be dragged."""
    page = opened(tools)
    took = page.evaluate(
        """() => { const slider = document.querySelector('#controls input[type=range]');
          return [1, 2, 3, 4, 5, 6, 7].map(value => { slider.value = value; const begun = performance.now();
            slider.dispatchEvent(new Event('input')); return performance.now() - begun; }).sort((a, b) => a - b)[3]; }"""
    )
    assert took < 50
