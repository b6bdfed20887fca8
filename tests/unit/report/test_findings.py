"""Findings are what a reader would want to be warned of, the worst first, each with its evidence."""

from pathlib import Path

import msgspec
import pytest

from bench.contract import scenario as scenarios
from bench.contract.records import Attempt, Digest, Ended
from bench.judging.results import read
from bench.judging.rules import rules_of
from bench.report.finding_text import grouped, issue_reports, listing
from bench.report.findings import OF_RUNS, SEVERITIES, Finding, findings_of, rules
from bench.report.page_data import viewed
from bench.store.result_set import Store
from tests.command_line import ROOT
from tests.unit.facts import attempt, digest, run, trial
from tests.unit.sets import blocks, stored

PUBLISHED = ROOT / "results" / "2026-11-27-everything"


@pytest.fixture(scope="module")
def published() -> list[Finding]:
    return findings_of(viewed(read(Store(PUBLISHED))), PUBLISHED)


def found(folder: Path) -> list[Finding]:
    """Return the findings of a set in which one tool alters a value, and another crashes in one block of two."""
    good, altered = digest("s", "v", a=("s", "v")), digest("t", "w", a=("t", "w"))

    def sent(tool: str, received: Digest) -> Attempt:
        verifying = run(
            role="verifying", delivered={"begin.begin_result": good}, received={"finish.value": received}
        )
        return attempt(trial(tool, 0, "reference", "flights"), verifying)

    crash = attempt(trial("three", 1), run(ended=Ended(exit_code=1)))
    attempts = [sent("control", good), sent("one", altered), sent("two", good), *blocks(2, control=1.0)]
    attempts += [*blocks(1, three=1.0), crash]
    store = stored(folder / "set", *attempts, scenarios=("reference", "startup"))
    return findings_of(viewed(read(store)), store.folder)


def test_a_wrong_result_comes_before_a_crash(tmp_path: Path) -> None:
    """What is wrong and is told to nobody is worse."""
    assert [(one.name, one.severity, one.word) for one in found(tmp_path)] == [
        ("one[local]", "wrong result", "altered"),
        ("three[local]", "does not run", "crashed"),
    ]


def test_a_finding_says_in_how_many_blocks_it_was_seen(tmp_path: Path) -> None:
    """And names the trials that show it, and how to see their logs."""
    crash = found(tmp_path)[1]
    assert (crash.trials, crash.blocks) == (("three-startup-hello-1",), 2)
    assert "in 1 of 2 blocks" in listing([crash])
    assert crash.logs.startswith("bench logs three-startup-hello-1-1 --set ")


def test_a_set_without_findings_says_so(tmp_path: Path) -> None:
    """In a sentence, and not by an empty list."""
    store = stored(tmp_path / "set", *blocks(1, control=1.0, one=1.0))
    assert findings_of(viewed(read(store)), store.folder) == []
    assert listing([]) == "nothing was found that a reader would have to be warned of"


def test_every_finding_of_the_published_set_is_ranked_and_can_be_seen_again(
    published: list[Finding],
) -> None:
    """With its logs and the script of the tool's own commands."""
    order = [SEVERITIES.index(one.severity) for one in published]
    assert order == sorted(order)
    assert {one.severity for one in published} >= {"wrong result", "wrong record", "wasted time"}
    for one in published:
        assert one.logs.startswith("bench logs ")
        assert one.repro.startswith(f"bench repro {one.trials[0]} ")


def test_a_target_has_one_sentence_for_each_thing_that_it_does(published: list[Finding]) -> None:
    """With the first cases and how many more there are."""
    told = [one.text for one in grouped(published)]
    assert len(told) == len(set(told))
    assert any(
        line.startswith("Flyte[local] 1.16.31 reuses an out-of-date result: caching/") for line in told
    )
    assert any(" more" in line for line in told)


def test_an_issue_report_names_what_was_seen_what_was_expected_and_the_versions(
    published: list[Finding],
) -> None:
    """A person reads it before it is sent."""
    manifest = Store(PUBLISHED).read_manifest()
    text = issue_reports(published[:1], manifest)
    for part in (
        "**Seen**",
        "**Expected**",
        "**To see it again**",
        "**Environment**",
        published[0].version,
    ):
        assert part in text


@pytest.mark.parametrize("scenario", sorted(scenarios.discover()))
def test_every_word_that_is_a_finding_is_a_word_of_its_scenario(scenario: str) -> None:
    """A word that was renamed would never be found again."""
    known = {word.name for word in rules_of(scenarios.find(scenario)).words}
    assert set(rules(scenario)) - known <= set(OF_RUNS)


def test_findings_are_data(published: list[Finding]) -> None:
    """For other programs."""
    data = msgspec.json.decode(msgspec.json.encode(published))
    assert data[0]["severity"] == "wrong result"
