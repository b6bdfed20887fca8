"""What a scorecard shows, from records alone."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bench import scenarios
from bench.contract.records import FORMAT, Attempt, Check, Ended, Fault, ResultSet
from bench.contract.scenario_manifest import read_manifest
from bench.errors import StoreError
from bench.report import html, markdown, terminal
from bench.report.page_data import View, view_of
from bench.report.sentences import context
from bench.report.tables import LISTED, Table
from bench.store.result_set import Store
from tests.unit.facts import attempt, chain, run, target, trial
from tests.unit.sets import stored

TOOLS = ("control", "quick", "slow", "aa")


def about(tool: str) -> dict[str, Any]:
    role = tool if tool in ("control", "aa check") else "tool"
    return {
        "display": tool.capitalize(),
        "role": role,
        "setups": {
            setup: {"mode": "in process", "run_by": f"{tool} run", "settings": [], "environment": {}}
            for setup in ("local", "first", "second")
        },
        "settings": [],
        "environment": {},
    }


def view(
    folder: Path,
    *attempts: Attempt,
    tools: tuple[str, ...] = TOOLS,
    keys: set[str] | None = None,
    besides: tuple[str, ...] = (),
) -> View:
    """Return the view of a set with these attempts. besides: scenarios that have no trial in its profile."""
    store = Store(folder)
    store.create(
        ResultSet(
            format=FORMAT,
            harness="0",
            harness_hash="h",
            created="2026-01-01T00:00:00+00:00",
            argv=(),
            profile="standard",
            scenarios=tuple(sorted({*besides, *(one.trial.scenario for one in attempts)})),
            targets=tuple(dict.fromkeys([*map(target, tools), *(one.trial.target for one in attempts)])),
            machine={"processor": "P", "cores": 2, "system": "S"},
            adapters={tool: about(tool) for tool in tools},
            pipelines={"chain": chain().as_json()},
            trials=tuple(keys or {one.trial.key for one in attempts}),
        )
    )
    for one in attempts:
        store.append(one)
    return view_of(store)


def blocks(count: int, **seconds: float) -> list[Attempt]:
    """Return attempts of each tool in each block, a little slower from block to block."""
    return [
        attempt(trial(tool, block, order=block * 10 + place), run(value * (1 + block / 100)))
        for block in range(count)
        for place, (tool, value) in enumerate(seconds.items())
    ]


def table(shown: View, indicator: str = "first_body") -> Table:
    return next(
        one for section in shown.sections for one in section.tables if one.indicator.id == indicator
    )


def places(shown: View) -> list[tuple[str, tuple[int, int] | None]]:
    return [(row.target, row.place) for row in table(shown).rows]


def test_a_scenario_without_a_trial_has_no_matrix(tmp_path: Path) -> None:
    """A profile may have none of it, and an empty table says nothing."""
    assert view(tmp_path, *blocks(2, quick=1.0), besides=("caching",)).matrices == ()


def test_targets_are_ordered_and_ranked_from_six_blocks_on(tmp_path: Path) -> None:
    """The best first, with the ratio to the control of the same block."""
    shown = view(tmp_path, *blocks(6, slow=4.0, control=1.0, quick=2.0))
    assert places(shown) == [("control[local]", (1, 1)), ("quick[local]", (2, 2)), ("slow[local]", (3, 3))]
    ratio = table(shown).rows[2].ratio
    assert ratio is not None
    assert ratio.median == pytest.approx(4.0)


def test_below_six_blocks_there_is_an_order_and_no_rank(tmp_path: Path) -> None:
    """The words are: too few."""
    shown = view(tmp_path, *blocks(5, slow=4.0, control=1.0))
    assert places(shown) == [("control[local]", None), ("slow[local]", None)]
    assert "| too few | slow[local] |" in markdown.text(shown)


def test_targets_within_the_effect_floor_are_a_tie(tmp_path: Path) -> None:
    """Though one is a little quicker in every block."""
    shown = view(tmp_path, *blocks(6, control=1.0, quick=2.0, slow=2.06))
    assert places(shown) == [("control[local]", (1, 1)), ("quick[local]", (2, 3)), ("slow[local]", (2, 3))]
    assert "| 2-3, tie | slow[local] |" in markdown.text(shown)


def test_a_chain_of_ties_is_no_tie_of_its_ends(tmp_path: Path) -> None:
    """Each is a tie with the next, and the last surely slower than the first."""
    shown = view(tmp_path, *blocks(6, control=1.0, quick=1.04, slow=1.08))
    assert places(shown) == [("control[local]", (1, 2)), ("quick[local]", (1, 3)), ("slow[local]", (2, 3))]


def test_a_target_with_too_few_samples_takes_the_place_from_no_other(tmp_path: Path) -> None:
    """It stands without a place of its own."""
    few = [
        one
        for one in blocks(6, control=1.0, quick=2.0, slow=4.0)
        if one.trial.key != "slow-startup-hello-0"
    ]
    assert dict(places(view(tmp_path, *few))) == {
        "control[local]": (1, 1),
        "quick[local]": (2, 2),
        "slow[local]": None,
    }


def test_the_aa_check_takes_no_place(tmp_path: Path) -> None:
    """It is no candidate."""
    shown = view(tmp_path, *blocks(6, control=1.0, aa=2.0, quick=4.0))
    assert places(shown) == [("control[local]", (1, 1)), ("quick[local]", (2, 2)), ("aa[local]", None)]


def test_what_is_attribution_is_not_ranked(tmp_path: Path) -> None:
    """The tracer's cost is told, and nobody is placed by it."""
    attempts = [
        attempt(trial(tool, block), run(1.0), run(1.0, role="reused"), run(seconds, role="untraced"))
        for tool, seconds in (("control", 0.9), ("quick", 0.5))
        for block in range(6)
    ]
    rows = table(view(tmp_path, *attempts), "tracer_cost").rows
    assert [(row.target, row.place) for row in rows] == [("control[local]", None), ("quick[local]", None)]
    assert [round(row.summary.median, 3) for row in rows] == [0.1, 0.5]


def test_attempts_of_an_earlier_plan_are_left_out_and_said(tmp_path: Path) -> None:
    """They were measured with something else."""
    shown = view(tmp_path, *blocks(6, control=1.0, quick=2.0), keys={"control-startup-hello-0"})
    assert table(shown).rows[0].summary.count == 1
    assert any("11 attempts of an earlier plan are left out" in one.what for one in shown.warnings)


def aa_checks(
    first: float, second: float, blocks: Mapping[str, int], scenario: str = "startup"
) -> list[Attempt]:
    """Return attempts of one tool under two names, which take so many seconds, in some blocks of each case."""
    return [
        attempt(
            replace(
                trial("aa", block, scenario, case),
                target=target("aa", setup=setup),
                key=f"{setup}-{case}-{block}",
            ),
            run(seconds),
        )
        for case, count in blocks.items()
        for block in range(count)
        for setup, seconds in (("first", first), ("second", second * (1 + block / 1000)))
    ]


def test_a_twin_that_differs_from_itself_voids_the_order(tmp_path: Path) -> None:
    """The machine, not the tools, made the difference."""
    shown = view(tmp_path, *blocks(6, control=1.0, quick=2.0), *aa_checks(1.0, 1.2, {"hello": 6}))
    void = table(shown).void
    assert void is not None
    assert "the A/A check differs from itself by" in void
    assert {row.place for row in table(shown).rows} == {None}
    assert shown.scored is not None
    assert shown.scored.withheld == void
    assert "  void     quick[local]" in terminal.text(shown, tmp_path)


def test_a_twin_with_a_few_blocks_of_many_cases_is_judged_by_all_of_them(tmp_path: Path) -> None:
    """As `standard` measures chains of tasks; what a line says of each is not compared either.

    Where one case has enough blocks, it is judged by itself too.
    """
    chains = {"chain-1": 3, "chain-5": 2, "chain-10": 1, "chain-50": 3}
    tools = [
        attempt(trial(tool, block, "overhead", case), run(seconds))
        for tool, seconds in (("control", 0.5), ("quick", 2.0))
        for case, count in chains.items()
        for block in range(count)
    ]
    shown = view(tmp_path / "void", *tools, *aa_checks(1.0, 1.2, chains, "overhead"))
    expected = (
        "the A/A check differs from itself by 17% on whole_run of chain-1, chain-5, chain-10, chain-50"
    )
    assert shown.void == {"overhead": expected}
    assert f"no two targets may be compared by it: {expected}" in terminal.text(shown, tmp_path)
    assert f"**No two targets may be compared by it: {expected}.**" in markdown.text(shown)
    assert [fit.target for curve in shown.curves for fit in curve.fits] == ["quick[local]"]
    one = [
        *aa_checks(1.0, 2.0, {"chain-1": 6}, "overhead"),
        *aa_checks(1.0, 1.0, {"chain-5": 9, "chain-50": 9}, "overhead"),
    ]
    assert "on whole_run of chain-1" in view(tmp_path / "one", *tools, *one).void["overhead"]
    few = view(tmp_path / "few", *tools, *aa_checks(1.0, 1.2, {"chain-1": 3}, "overhead"))
    assert few.void == {}
    steady = view(tmp_path / "steady", *tools, *aa_checks(1.0, 1.03, chains, "overhead"))
    assert steady.void == {}


def test_a_target_that_failed_is_not_in_the_table(tmp_path: Path) -> None:
    """It stands among the failures, with its log."""
    bad = attempt(trial("quick"), run(ended=Ended(exit_code=1)))
    shown = view(tmp_path, *blocks(1, control=1.0), bad)
    assert [row.target for row in table(shown).rows] == ["control[local]"]
    assert [answer.verdict.word for answer in shown.failures] == ["crashed"]
    assert "failed: quick[local] startup/hello block 1" in terminal.text(shown, tmp_path)


def test_an_attempt_that_is_recorded_twice_is_refused(tmp_path: Path) -> None:
    """It would count twice; which of the two is the copy, bench cannot know."""
    with pytest.raises(StoreError, match=r"quick.local. startup/hello block 1 is recorded twice"):
        view(tmp_path, *blocks(1, control=1.0, quick=2.0), attempt(trial("quick"), run(2.0)))


def test_a_fault_in_the_second_try_is_not_passed_over(tmp_path: Path) -> None:
    """The first one's failure was not shown again, so nothing is said of the tool."""
    bad = attempt(trial("quick"), run(ended=Ended(exit_code=1)))
    again = replace(bad, number=2, runs=(), fault=Fault(where="disk", reason="it was full"))
    shown = view(tmp_path, *blocks(1, control=1.0), bad, again)
    assert [answer.verdict.outcome for answer in shown.errors] == ["error"]


def test_a_criterion_without_a_measurement_has_no_evidence(tmp_path: Path) -> None:
    """And with two samples of a time no order is claimed."""
    page = markdown.text(view(tmp_path, *blocks(2, control=1.0, quick=2.0)))
    assert "| caching | 2 | no evidence |" in page
    assert r"No order is claimed: 4 numbers, such as startup/hello/after_last_body and " in page
    assert "only the order of the totals is open" in page
    assert "| not claimed | quick[local] |" in page


def test_six_samples_claim_an_order(tmp_path: Path) -> None:
    """Of what was measured: the places are ranges, because much is missing."""
    page = markdown.text(view(tmp_path, *blocks(6, control=1.0, quick=2.0, slow=20.0)))
    assert "No order is claimed" not in page
    assert "| 1-2 | quick[local] |" in page


def test_a_case_that_was_not_measured_to_the_end_is_named(tmp_path: Path) -> None:
    """But not where a look has made the blocks needless that are not there."""
    there = blocks(2, control=1.0, quick=2.0)
    keys = {one.trial.key for one in there} | {"of-a-block-that-is-not-there"}
    shown = view(tmp_path / "ended", *there, keys=keys)
    assert any("not measured to the end: startup/hello" in one.what for one in shown.warnings)
    store = Store(tmp_path / "ended")
    for case in ("hello", "reference", "fanout"):
        subject = f"startup/{case}"
        store.append(
            Check(scope="suite", subject=subject, kind="interim check", ok=True, detail="narrow enough")
        )
    assert not any("not measured to the end" in one.what for one in view_of(store).warnings)


def test_a_time_with_too_few_samples_counts_as_missing_where_others_have_enough(tmp_path: Path) -> None:
    """As in a set that is ``standard`` for one scenario and ``quick`` for the rest."""
    few = [
        attempt(trial(tool, block, case="reference", order=100 + block), run(value))
        for block in range(2)
        for tool, value in (("control", 1.0), ("quick", 2.0), ("slow", 20.0))
    ]
    enough = blocks(6, control=1.0, quick=2.0, slow=20.0)
    mixed, alone = view(tmp_path / "mixed", *enough, *few).scored, view(tmp_path / "alone", *enough).scored
    assert mixed is not None
    assert alone is not None
    assert mixed.withheld is None
    totals = [
        [(one.target, one.low, one.high, one.known) for one in each.weighed["all"].ranking.totals]
        for each in (mixed, alone)
    ]
    assert totals[0] == totals[1]
    assert "2 samples, and 6 are needed for an order" in {
        part.reading.why
        for score in mixed.graded("quick[local]")
        for graded in score.graded
        for part in graded.parts
    }


@settings(deadline=None, max_examples=20)
@given(order=st.permutations(range(12)))
def test_the_order_of_the_records_does_not_matter(
    order: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The page is the same."""
    attempts = blocks(4, control=1.0, quick=2.0, slow=3.0)
    first = view(tmp_path_factory.mktemp("a"), *attempts)
    second = view(tmp_path_factory.mktemp("b"), *(attempts[place] for place in order))
    assert markdown.text(first) == markdown.text(second)


def test_adding_a_target_changes_no_number_of_another(tmp_path: Path) -> None:
    """Its median, interval and ratio stay what they were."""
    few = table(view(tmp_path / "a", *blocks(6, control=1.0, quick=2.0)))
    more = table(view(tmp_path / "b", *blocks(6, control=1.0, quick=2.0, slow=4.0)))
    numbers = {row.target: (row.summary, row.ratio) for row in few.rows}
    assert numbers.items() <= {row.target: (row.summary, row.ratio) for row in more.rows}.items()


def test_a_page_lists_the_first_blocks_and_says_where_the_others_are(tmp_path: Path) -> None:
    """Its numbers are of all; and every link of it has its place."""
    shown = view(tmp_path, *blocks(LISTED + 5, control=1.0, quick=2.0))
    row = table(shown).rows[0]
    assert (row.summary.count, len(row.samples)) == (LISTED + 5, LISTED)
    page = html.text(shown)
    assert f"The first {LISTED} of {LISTED + 5}; all of them are in <code>metrics.parquet</code>." in page
    assert "10 more tests are in <code>records.jsonl</code>" in page
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_a_page_of_a_great_result_set_lists_fewer_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it stays small; all samples are still told, those of listed trials with a link to them."""
    monkeypatch.setattr("bench.report.page_data.ROOM", 15)
    shown = view(tmp_path, *blocks(10, control=1.0, quick=2.0, slow=3.0))
    assert shown.listed == 5
    assert len(table(shown).rows[0].samples) == 10
    page = html.text(shown)
    assert "15 more tests are in <code>records.jsonl</code>" in page
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_a_bad_trial_is_listed_whatever_its_block(tmp_path: Path) -> None:
    """The table of words leads to it."""
    good = blocks(LISTED + 2, control=1.0, quick=2.0)
    late = attempt(trial("quick", LISTED + 3, order=1000), run(ended=Ended(exit_code=1)))
    shown = view(tmp_path, *good, late)
    assert f'href="#c-{late.trial.key}"' in html.text(shown)
    assert f'id="c-{late.trial.key}"' in html.text(shown)


def test_an_ordinary_result_set_is_listed_whole(tmp_path: Path) -> None:
    """No profile has more blocks than a page lists."""
    shown = view(tmp_path, *blocks(LISTED, control=1.0, quick=2.0))
    interim_checks = [
        look
        for folder in scenarios.discover().values()
        for manifest in (read_manifest(folder),)
        for cases in manifest.profiles.values()
        for case, repetition in cases.items()
        if not manifest.cases[
            case
        ].own  # Its blocks are the parts of a user's pipeline, as many as that has.
        for look in repetition.interim_checks
    ]
    assert max(interim_checks) <= LISTED
    assert "metrics.parquet" not in html.text(shown)


HOSTILE = "<script>alert(1)</script>|`*\x1b[31m\u202eevil\u2066"


def test_what_a_tool_says_is_text_on_the_page(tmp_path: Path) -> None:
    """Markup, scripts, control and bidirectional characters show as what they are."""
    from bench.contract.records import Fault

    shown = view(
        tmp_path, *blocks(1, control=1.0), attempt(trial("quick"), fault=Fault(where="uv", reason=HOSTILE))
    )
    page = html.text(shown)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not {"\x1b", "\u202e", "\u2066"} & set(page)
    assert "\\u202e" in page
    assert r"\<script\>alert(1)" in markdown.text(shown)


def test_every_failure_is_counted_in_the_opening(tmp_path: Path) -> None:
    """Of what every target has to deliver by name; of cases that ask something else by their number."""
    bad = attempt(trial("slow", 9, order=99), run(ended=Ended(exit_code=1)))
    again = attempt(trial("slow", 9, order=99), run(ended=Ended(exit_code=1)), number=2)
    shown = view(tmp_path / "a", *blocks(6, control=1.0, quick=2.0, slow=20.0), bad, again)
    told = "In startup 1 of 2 targets were right in every test; not slow[local] (crashed)."
    assert told in " ".join(context(shown))
    everything = view_of(Store(Path("results") / "2026-11-27-everything"))
    assert "prefect[local] 0 of 7, prefect[server] 11 of 66." in " ".join(context(everything))


def test_one_target_on_a_cluster_makes_no_order_of_all_tools(tmp_path: Path) -> None:
    """Each tool must have been measured there."""
    told = []
    for modes in (("cluster", "in process"), ("cluster", "cluster")):
        targets = (
            target("control"),
            *(target(tool, mode=mode) for tool, mode in zip(("quick", "slow"), modes, strict=True)),
        )
        attempts = blocks(6, control=1.0, quick=2.0, slow=20.0)
        found = view_of(stored(tmp_path / modes[1], *attempts, targets=targets)).scored
        assert found is not None
        told.append(found.local)
    assert told == [("startup time",), ()]


def test_the_markdown_fits_into_a_comment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parts stand in the order in which they may be missing, and what is left out is named."""
    shown = view(tmp_path, *blocks(6, control=1.0, quick=2.0, slow=20.0))
    whole = markdown.text(shown)
    assert "Left out" not in whole
    monkeypatch.setattr(markdown, "LIMIT", len(whole) // 2 + markdown.ENDING)
    short = markdown.text(shown)
    assert len(short) <= markdown.LIMIT
    assert 0 < short.index("## Totals") < short.index("## Left out")
    assert "\nnumbers of startup time. All is in scorecard.html.\n" in short


def test_a_machine_that_was_busy_is_warned_of(tmp_path: Path) -> None:
    """What was seen, the likely cause, and what to do."""
    shown = view(tmp_path, attempt(trial("control"), run(1.0, others_s=0.9)))
    (warned,) = (one for one in shown.warnings if "other processes" in one.what)
    assert warned.what.endswith("0.9 cores during 1 of 1 timed runs, all of control[local]")
    assert "run again" in warned.advice


def test_a_machine_that_was_busy_for_several_targets_is_not_one_targets_doing(tmp_path: Path) -> None:
    """Where only one is named, something may work for it outside its runs."""
    busy = [attempt(trial(tool), run(1.0, others_s=0.9)) for tool in ("control", "quick")]
    (warned,) = (one for one in view(tmp_path, *busy).warnings if "other processes" in one.what)
    assert warned.what.endswith("during 2 of 2 timed runs")


def test_a_quiet_machine_is_not_warned_of(tmp_path: Path) -> None:
    """Neither busy nor unsteady."""
    assert view(tmp_path, *blocks(6, control=1.0, quick=2.0)).warnings == ()


def test_samples_that_vary_are_warned_of(tmp_path: Path) -> None:
    """By more than half again."""
    unsteady = [attempt(trial("control", block), run(1.0 + block)) for block in range(2)]
    (warned,) = view(tmp_path, *unsteady).warnings
    assert "control[local] (2.0x)" in warned.what
