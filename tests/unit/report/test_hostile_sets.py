"""Result sets from anywhere: each ends in a report or in one line, and none in a traceback."""

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bench.contract.records import FORMAT, MOST_ATTEMPTS
from bench.errors import BenchError, StoreError
from bench.judging.results import read
from bench.report import benchmark_json, html, markdown, table, terminal
from bench.report.page_data import viewed
from bench.store import record_reading, result_set
from bench.store.result_set import Store
from tests.command_line import ROOT

PUBLISHED = ROOT / "results" / "2026-11-27-everything"
TARGETS = ("control[local]", "metaflow[local]")
SCENARIOS = ("startup", "caching", "metadata", "recovery", "visibility", "deployment", "development")
DROPPED = object()
OTHERS: tuple[Any, ...] = (
    DROPPED,
    None,
    -1,
    10**30,
    0.5,
    True,
    "text",
    [],
    {},
    ["text"],
    [{}],
    {"a": None},
)
TRIED = 60
"""Mutations in a run of the tests, in about ten seconds; with all of them it takes hours."""

Mutation: TypeAlias = tuple[int, tuple[Any, ...], Any]
"""The number of a file's text (0 the manifest, from 1 on the records), the place in it, and what is put there."""


@cache
def whole() -> tuple[dict[str, Any], ...]:
    """Return a small set made of the published one: its manifest, then its records."""
    manifest = json.loads((PUBLISHED / "manifest.json").read_text())
    planned = set(manifest["trials"])
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for line in (PUBLISHED / "records.jsonl").read_text().splitlines():
        record = json.loads(line)
        if record["type"] != "attempt" or record["trial"]["key"] not in planned:
            continue
        trial = record["trial"]
        name = f"{trial['target']['tool']}[{trial['target']['setup']}]"
        if name in TARGETS and trial["scenario"] in SCENARIOS:
            found.setdefault((name, trial["scenario"]), record)
    records = list(found.values())
    tools = {one["trial"]["target"]["tool"]: one["trial"]["target"] for one in records}
    manifest |= {
        "scenarios": list(SCENARIOS),
        "targets": list(tools.values()),
        "trials": [one["trial"]["key"] for one in records],
        "pipelines": {one: manifest["pipelines"][one] for one in {r["trial"]["pipeline"] for r in records}},
    }
    for part in ("adapters", "environments"):
        manifest[part] = {tool: manifest[part][tool] for tool in tools if tool in manifest[part]}
    for made in manifest["environments"].values():
        made["packages"] = dict(list(made["packages"].items())[:1])
    for about in manifest["adapters"].values():
        about["facts"] = dict(list(about["facts"].items())[:2])
    manifest["questions"] = {
        name: question
        for name, question in manifest["questions"].items()
        if any(name in about["facts"] for about in manifest["adapters"].values())
    }
    return (manifest, *records)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of each value; of a list those of its first two."""
    if at:
        yield at
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value[:2])
        if isinstance(value, list)
        else ()
    )
    for name, one in inner:
        yield from places(one, (*at, name))


def mutations() -> Iterator[Mutation]:
    """Yield each place of each text with each other value."""
    for number, text in enumerate(whole()):
        for place in places(text):
            for other in OTHERS:
                yield number, place, other


def written(folder: Path, texts: tuple[dict[str, Any], ...]) -> Store:
    """Write a result set from its texts."""
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(texts[0]))
    (folder / "records.jsonl").write_text("".join(json.dumps(one) + "\n" for one in texts[1:]))
    return Store(folder)


def outcome(folder: Path, mutation: Mutation) -> str | None:
    """Return what is said of a mutated set; None where it is shown. Whatever else it raises, it raises."""
    number, place, other = mutation
    texts = list(whole())
    texts[number] = deepcopy(texts[number])
    inner: Any = texts[number]
    for name in place[:-1]:
        inner = inner[name]
    if other is DROPPED:
        del inner[place[-1]]
    else:
        inner[place[-1]] = other
    return shown(written(folder, tuple(texts)))


def shown(store: Store) -> str | None:
    """Read and report a set in every form; return what is said where it is refused."""
    try:
        results = read(store)
        view = viewed(results)
    except BenchError as error:
        told = str(error)
        return told if "\n" not in told else pytest.fail(f"not in one line: {told}")
    terminal.text(view, store.folder)
    markdown.text(view)
    html.text(view)
    benchmark_json.text(results)
    table.table(results)
    return None


def test_a_set_as_it_was_published_is_shown(tmp_path: Path) -> None:
    """The mutations below are of one that is right."""
    assert shown(written(tmp_path / "set", whole())) is None


@pytest.mark.parametrize("seed", range(2))
def test_no_mutation_of_a_set_ends_in_a_traceback(seed: int, tmp_path: Path) -> None:
    """Each key dropped, or replaced by a value of another type."""
    chosen = random.Random(seed).sample(list(mutations()), TRIED // 4)
    for number, mutation in enumerate(chosen):
        outcome(tmp_path / str(number), mutation)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (FORMAT + 1, "use the newer bench"),
        (FORMAT - 1, "convert it to format 2 with: bench migrate "),
        (None, "cannot be read"),
    ],
)
def test_a_set_of_another_format_is_told_so_whatever_else_is_in_it(
    found: int | None, told: str, tmp_path: Path
) -> None:
    """Fields that this bench does not know come after that."""
    store = written(tmp_path / "set", ({**whole()[0], "format": found, "new": 1, "trials": 7},))
    assert told in str(shown(store))


@pytest.mark.parametrize("depth", [500, 2_000, 100_000])
@pytest.mark.parametrize("place", ["manifest", "record", "fact", "target"])
def test_deep_nesting_is_told_in_one_line(depth: int, place: str, tmp_path: Path) -> None:
    """In any file, and where any value is let through."""
    store = written(tmp_path / "set", whole())
    deep = "[" * depth + "]" * depth
    records = store.records.read_text().splitlines()
    if place == "manifest":
        store.manifest.write_text(json.dumps({**whole()[0], "request": "HERE"}).replace('"HERE"', deep))
    else:
        first = deepcopy(whole()[1])
        first["facts" if place == "fact" else "trial"]["deep" if place == "fact" else "target"] = "HERE"
        text = deep if place == "record" else json.dumps(first).replace('"HERE"', deep)
        store.records.write_text("\n".join([text, *records[1:]]) + "\n")
    told = shown(store)
    assert told is None or "cannot be read" in told


@pytest.mark.parametrize(
    "evidence",
    ["javascript:alert(1)", "/etc/passwd", "../../other", "a/../../b", "https://example.org", "a\nb", "a\\b", "//a/b",
     "data:text/html,x", "a/..", "a\u202eb"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["evidence", "stdout", "trace"])
def test_a_place_of_evidence_is_a_plain_path_inside_the_set(
    field: str, evidence: str, tmp_path: Path
) -> None:
    """It becomes a link on the page."""
    first = deepcopy(whole()[1])
    (first if field == "evidence" else first["runs"][0])[field] = evidence
    told = shown(written(tmp_path / "set", (whole()[0], first)))
    assert told is not None
    assert f"{field}" in told


def test_more_attempts_of_a_trial_than_can_be_are_refused_before_all_are_read(tmp_path: Path) -> None:
    """A million of them once took 13 GB."""
    manifest, first, *_ = whole()
    store = written(tmp_path / "set", (manifest, *[first] * (MOST_ATTEMPTS + 1)))
    with store.records.open("a") as file:
        file.write("{} is never reached\n")
    assert f"more than {MOST_ATTEMPTS} attempts" in str(shown(store))


def test_more_records_than_can_be_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes memory, and one that is too long does too."""
    store = written(tmp_path / "set", whole())
    monkeypatch.setattr(record_reading, "MOST_RECORDS", 3)
    with pytest.raises(StoreError, match="more than 3 records"):
        read(store)
    monkeypatch.setattr(result_set, "MOST_BYTES", 1_000)
    with pytest.raises(StoreError, match="greater than"):
        store.read_manifest()


def test_records_of_another_set_are_refused(tmp_path: Path) -> None:
    """Their target or pipeline is not in the manifest."""
    first = deepcopy(whole()[1])
    first["trial"]["target"]["setup"] = "other"
    assert "not of one result set" in str(shown(written(tmp_path / "set", (whole()[0], first))))


EVIL = "<script>alert(1)</script>\x1b[31m\u202e[x](https://example.org) `\n# Forged"


def test_text_of_a_set_is_data_in_every_report(tmp_path: Path) -> None:
    """No markup, no live link, nothing hidden, and no line of its own: wherever it stands."""
    texts = deepcopy(whole())
    manifest, *records = texts
    for one in manifest["targets"]:
        one["options"] = [EVIL]
        manifest["adapters"][one["tool"]]["options"] = {EVIL: {"what": EVIL}}
    for name in ("created", "harness", "harness_hash"):
        manifest[name] = EVIL
    for name in ("processor", "system", "kernel", "filesystem"):
        manifest["machine"][name] = EVIL
    manifest["profile"] = f"quick,{EVIL.replace(',', '')}=quick"
    for about in manifest["adapters"].values():
        about |= {"display": EVIL, "licence": EVIL}
    for record in records:
        record["trial"]["target"]["options"] = [EVIL]
        record["again_because"] = EVIL
    records[0]["fault"] = {"where": EVIL, "reason": EVIL}
    store = written(tmp_path / "set", texts)
    results = read(store)
    view = viewed(results)
    for text in (terminal.text(view, store.folder), markdown.text(view), html.text(view)):
        assert "alert(1)" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\n# Forged" not in text or text.startswith("<!doctype")
    for text in (markdown.text(view), html.text(view)):
        assert "<script>alert" not in text.replace("\\<", "")
        assert "[x](https://example.org)" not in text.replace("\\[", "") or text.startswith("<!doctype")
