"""The page leads from every number to its samples, their runs, commands and logs."""

import json
import random
from html.parser import HTMLParser
from pathlib import Path
from statistics import median

import pytest

from bench.contract.records import Attempt
from bench.store.evidence import Evidence
from bench.store.result_set import Store

NUMBERS = 50


class Page(HTMLParser):
    """Reads anchors, links and what stands in which element with an id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.figures: list[dict[str, str]] = []
        self.samples: dict[str, list[dict[str, str]]] = {}
        self.logs: dict[str, list[str]] = {}
        self.commands: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self._at = ""
        self._in_text = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if "id" in known:
            assert known["id"] not in self.ids, f"the id {known['id']} is there twice"
            self.ids.add(known["id"])
            self._at = known["id"]
        kind = known.get("class")
        if kind == "figure":
            self.figures.append(known)
        elif kind == "sample":
            self.samples.setdefault(self._at, []).append(known)
        elif known.get("href", "").startswith("evidence/"):
            self.logs.setdefault(self._at, []).append(known["href"])
        elif known.get("href", "").startswith("#x-"):
            self.commands[self._at] = known["href"].lstrip("#")
        self._in_text = tag == "pre"

    def handle_data(self, data: str) -> None:
        if self._in_text:
            self.texts[self._at] = self.texts.get(self._at, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._in_text = False


@pytest.fixture(scope="module")
def page(measured: Path) -> Page:
    """Give the page of a measured result set."""
    return Page((measured / "scorecard.html").read_text())


def test_fifty_numbers_are_recomputed_from_their_samples_and_these_from_their_runs(
    page: Page, measured: Path
) -> None:
    """By the links of the page alone, down to the raw records."""
    runs = {
        f"c-{record.trial.key}-{record.number}-{index}": run
        for record in Store(measured).read()
        if isinstance(record, Attempt)
        for index, run in enumerate(record.runs)
    }
    chosen = random.Random(0).sample(page.figures, min(NUMBERS, len(page.figures)))
    assert len(chosen) >= 40
    for figure in chosen:
        samples = page.samples[figure["href"].lstrip("#")]
        values = [float(sample["data-value"]) for sample in samples]
        assert float(figure["data-value"]) == median(values)
        for sample in samples:
            anchor = sample["href"].lstrip("#")
            assert anchor in page.ids
            assert page.texts[page.commands[anchor]].strip().startswith("cd <sandbox>/project")
            for log in page.logs[anchor]:
                _, name, path = log.split("/", 2)
                assert path in Evidence(measured).files(name)
            if figure["href"].startswith("#t-startup-hello-whole-run-") and "reused" not in figure["href"]:
                assert float(sample["data-value"]) == runs[anchor].seconds("exit")


def test_every_link_inside_the_page_has_its_place(page: Page, measured: Path) -> None:
    """And every log a file."""
    text = (measured / "scorecard.html").read_text()
    links = {part.split('"')[0] for part in text.split('href="#')[1:]}
    assert links <= page.ids
    assert links


def test_the_page_needs_no_network(measured: Path) -> None:
    """Nothing in it is fetched; tests/browser counts what it really asks for."""
    text = (measured / "scorecard.html").read_text()
    for fetching in ("src=", "<link", "@import", "url("):
        assert fetching not in text


def test_the_manifest_says_what_was_asked_and_on_what(measured: Path) -> None:
    """Enough to do it again."""
    manifest = json.loads((measured / "manifest.json").read_text())
    assert manifest["request"]["tool"] == "control"
    assert manifest["machine"]["cores"] >= 1
    assert manifest["environments"]["control"]["packages"]["pandas"]
