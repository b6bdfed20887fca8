"""Two result sets side by side: numbers by independent samples, truths by their words."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.contract.records import Attempt, Declared, Ended, Run
from bench.errors import UsageError
from bench.report import comparison_text
from bench.scenarios import find, load
from bench.scoring.comparison import Comparison, compare, percentage
from tests.unit.facts import attempt, chain, run, trial
from tests.unit.sets import HERE, blocks, made, results

CRASHED = run(ended=Ended(exit_code=1))
FACTORS = st.sampled_from([0.5, 0.94, 0.97, 1.0, 1.03, 1.06, 2.0])


def changes(found: Comparison, indicator: str = "first_body") -> dict[str, str]:
    return {one.target: one.change for one in found.numbers if one.indicator.id == indicator}


def turns(found: Comparison) -> dict[str, str]:
    return {one.target: one.turn for one in found.truths}


def trials(tool: str, *runs: Run) -> list[Attempt]:
    """Return a trial of the control and one of a tool; what failed was tried again."""
    again = [attempt(trial(tool, order=1), *runs, number=2)] if CRASHED in runs else []
    return [attempt(trial("control")), attempt(trial(tool, order=1), *runs), *again]


def test_what_got_faster_and_slower_is_said_with_its_interval(tmp_path: Path) -> None:
    """The ratio is of the second set to the first."""
    found = compare(
        made(tmp_path / "a", control=1.0, one=2.0, other=2.0),
        made(tmp_path / "b", control=1.0, one=3.0, other=1.0),
    )
    assert changes(found) == {"control[local]": "tie", "one[local]": "worse", "other[local]": "better"}
    worse = next(one for one in found.numbers if one.change == "worse" and one.ratio is not None)
    assert worse.ratio is not None
    assert worse.ratio.estimate == pytest.approx(1.5, rel=0.01)
    assert worse.ratio.low > 1.4


def test_below_six_samples_of_either_nothing_is_said(tmp_path: Path) -> None:
    """However far they are apart."""
    found = compare(
        made(tmp_path / "a", 5, control=1.0, one=1.0), made(tmp_path / "b", 9, one=9.0, control=1.0)
    )
    assert set(changes(found).values()) == {"too few"}
    assert "## Too few samples: below 6 in one of both" in comparison_text.text(found)


def test_within_the_effect_floor_it_is_a_tie(tmp_path: Path) -> None:
    """Though no sample of one is within those of the other."""
    first = results(tmp_path / "a", *(attempt(trial("control", block), run(1.0)) for block in range(6)))
    second = results(tmp_path / "b", *(attempt(trial("control", block), run(1.04)) for block in range(6)))
    assert changes(compare(first, second)) == {"control[local]": "tie"}


def test_times_of_different_machines_are_refused_in_one_line_and_truths_are_compared(
    tmp_path: Path,
) -> None:
    """It names what differs, and the way to compare them all the same."""
    first = results(tmp_path / "a", *trials("one", run()))
    second = results(
        tmp_path / "b", *trials("one", CRASHED), machine={**HERE, "cores": 64, "identity": "there"}
    )
    found = compare(first, second)
    assert found.numbers == ()
    assert turns(found)["one[local]"] == "got wrong"
    (line,) = (line for line in comparison_text.text(found).splitlines() if "not compared" in line)
    assert "because the machines differ (cores 2 and 64); --across-machines" in line


def test_times_of_different_machines_are_compared_if_told_to(tmp_path: Path) -> None:
    """And it is said over them."""
    first = made(tmp_path / "a", control=1.0)
    second = results(tmp_path / "b", *blocks(6, control=2.0), machine={**HERE, "cores": 64})
    found = compare(first, second, across_machines=True)
    assert changes(found) == {"control[local]": "worse"}
    assert "**The machines differ (cores 2 and 64): what follows may be theirs.**" in comparison_text.text(
        found
    )


def test_a_clock_rate_is_no_machine(tmp_path: Path) -> None:
    """What changes by itself is not part of what machines are told apart by."""
    second = results(tmp_path / "b", *blocks(6, control=1.0), machine={**HERE, "mhz": 2100})
    assert compare(made(tmp_path / "a", control=1.0), second).times


def test_versions_are_matched_by_the_name_without_them(tmp_path: Path) -> None:
    """And shown."""
    first = results(tmp_path / "a", *blocks(6, control=1.0, one=1.0), versions={"one": "1.2"})
    second = results(tmp_path / "b", *blocks(6, control=1.0, one=1.0), versions={"one": "2.0"})
    found = compare(first, second)
    assert changes(found)["one[local]"] == "tie"
    assert "| one[local]     | 1.2 " in comparison_text.text(found)


def test_truths_got_right_and_wrong(tmp_path: Path) -> None:
    """By what their words are worth."""
    good, bad = (
        results(tmp_path / "a", *trials("one", run())),
        results(tmp_path / "b", *trials("one", CRASHED)),
    )
    assert turns(compare(good, bad))["one[local]"] == "got wrong"
    assert turns(compare(bad, good))["one[local]"] == "got right"
    assert turns(compare(bad, bad))["one[local]"] == "unchanged"
    assert compare(good, bad).differing == (1, 2)
    page = comparison_text.text(compare(good, bad))
    assert (
        "1 got wrong, 0 got right, 0 changed their word; the word differs in 1 of 2 common trials (50%)."
        in page
    )
    assert "| one[local] | startup/hello | right | crashed |" in page


def test_a_word_that_is_no_verdict_has_only_changed(tmp_path: Path) -> None:
    """An error of the harness says nothing of the tool."""
    from bench.contract.records import Fault

    fault = attempt(trial("one", order=1), fault=Fault(where="disk", reason="full"))
    lost = results(tmp_path / "b", attempt(trial("control")), fault)
    found = compare(results(tmp_path / "a", *trials("one", run())), lost)
    assert turns(found)["one[local]"] == "changed"
    assert found.fails(0.1) == []
    assert found.lost == ["one[local] startup/hello"]


def test_a_block_that_is_an_error_hides_none_that_got_wrong(tmp_path: Path) -> None:
    """The worst block decides, of those that say anything."""
    from bench.contract.records import Fault

    fault = attempt(trial("one", 1, order=11), fault=Fault(where="disk", reason="full"))
    second = results(tmp_path / "b", *trials("one", CRASHED), attempt(trial("control", 1, order=10)), fault)
    found = compare(results(tmp_path / "a", *trials("one", run())), second)
    assert turns(found)["one[local]"] == "got wrong"
    assert found.lost == []


def test_a_gate_finer_than_the_effect_floor_holds(tmp_path: Path) -> None:
    """Four per cent are a tie for a reader, and more than the one per cent that was asked for."""
    sets = [
        results(
            tmp_path / name,
            *(
                attempt(trial(tool, block, order=2 * block + place), run(seconds))
                for block in range(6)
                for place, (tool, seconds) in enumerate((("control", 1.0), ("one", one)))
            ),
        )
        for name, one in (("a", 1.0), ("b", 1.04))
    ]
    found = compare(*sets)
    assert changes(found)["one[local]"] == "tie"
    assert "one[local] startup/hello: start to first line, fresh is slower" in found.fails(0.01)
    assert found.fails(0.05) == []


def test_what_only_one_of_them_has_is_named(tmp_path: Path) -> None:
    """Targets and cases, on both sides."""
    found = compare(
        made(tmp_path / "a", control=1.0, one=1.0), made(tmp_path / "b", control=1.0, other=1.0)
    )
    assert (found.only_before, found.only_after) == (
        ("one[local]: startup: hello",),
        ("other[local]: startup: hello",),
    )
    assert "## Only in a\n\n- one[local]: startup: hello" in comparison_text.text(found)


def test_of_many_cases_the_first_are_named_and_the_others_counted(tmp_path: Path) -> None:
    """A set of another scenario would fill the page."""
    manifest = load(find("caching")).manifest
    skipped = Declared(outcome="not attempted", reason="it takes long")
    more = [
        attempt(trial("control", scenario="caching", case=case, order=10 + place), declared=skipped)
        for place, case in enumerate(manifest.cases)
    ]
    both = results(tmp_path / "a", *blocks(1, control=1.0), *more, scenarios=("startup", "caching"))
    (line,) = compare(both, made(tmp_path / "b", 1, control=1.0)).only_before
    assert line.startswith("control[local]: caching: body, ")
    assert line.endswith(f" and {len(manifest.cases) - 6} more")


def test_without_a_common_target_nothing_can_be_compared(tmp_path: Path) -> None:
    """The targets of both are named."""
    with pytest.raises(UsageError, match=r"no target in common: one\[local\] there, other\[local\] here"):
        compare(made(tmp_path / "a", one=1.0), made(tmp_path / "b", other=1.0))


def test_data_of_another_size_are_not_compared_by_number(tmp_path: Path) -> None:
    """It is said instead."""
    import msgspec

    large = [
        msgspec.structs.replace(one, trial=msgspec.structs.replace(one.trial, size="full"))
        for one in blocks(6, control=9.0)
    ]
    found = compare(made(tmp_path / "a", control=1.0), results(tmp_path / "b", *large))
    assert found.numbers == ()
    assert "had another size: startup/hello." in comparison_text.text(found)


def test_a_control_that_changed_is_pointed_at(tmp_path: Path) -> None:
    """What it shows too is the machine's."""
    found = compare(made(tmp_path / "a", control=1.0), made(tmp_path / "b", control=2.0))
    assert "**The control changed too" in comparison_text.text(found)


def test_it_fails_on_what_is_surely_slower_by_more(tmp_path: Path) -> None:
    """The whole interval counts, of tools alone."""
    found = compare(made(tmp_path / "a", control=1.0, one=1.0), made(tmp_path / "b", control=9.0, one=1.5))
    assert found.fails(0.6) == []
    failed = found.fails(0.3)
    assert all(one.startswith("one[local] startup/hello: ") for one in failed)
    assert "one[local] startup/hello: whole run, fresh is slower" in failed


@settings(deadline=None)
@given(first=FACTORS, second=FACTORS)
def test_the_other_way_round_faster_is_slower(
    first: float, second: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And a tie is a tie."""
    folder = tmp_path_factory.mktemp("sets")
    a, b = made(folder / "a", control=1.0, one=first), made(folder / "b", control=1.0, one=second)
    inverse = {"worse": "better", "better": "worse", "tie": "tie", "too few": "too few"}
    there, back = changes(compare(a, b)), changes(compare(b, a))
    assert {name: inverse[change] for name, change in there.items()} == back


@settings(deadline=None)
@given(count=st.integers(1, 8), seconds=st.floats(0.01, 100.0))
def test_a_set_does_not_differ_from_itself(
    count: int, seconds: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Neither in numbers nor in truths."""
    same = made(tmp_path_factory.mktemp("sets") / "a", count, control=1.0, one=seconds)
    found = compare(same, same)
    assert {one.change for one in found.numbers} <= {"tie", "too few"}
    assert found.differing[0] == 0
    assert (found.only_before, found.only_after, found.fails(0.0)) == ((), (), [])


@pytest.mark.parametrize(("text", "share"), [("10%", 0.1), ("0%", 0.0), ("2.5%", 0.025), ("150%", 1.5)])
def test_a_percentage_is_read(text: str, share: float) -> None:
    """As people write it."""
    assert percentage(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["10", "ten%", "%", "-5%", "nan%", "inf%", ""])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    """With one that would be."""
    with pytest.raises(UsageError, match="is no percentage; give it as 10%"):
        percentage(text)


def test_memory_that_was_read_in_another_way_is_not_compared(tmp_path: Path) -> None:
    """And that is said."""
    from msgspec.structs import replace

    from bench.report.page_data import viewed

    groups = blocks(6, control=1.0, one=2.0)
    sums = [
        replace(one, runs=tuple(replace(r, usage=replace(r.usage, peak_method="pss")) for r in one.runs))
        for one in groups
    ]
    found = compare(results(tmp_path / "a", *groups), results(tmp_path / "b", *sums))
    assert "peak_memory" not in {one.indicator.id for one in found.numbers}
    assert "read in another way: startup/hello: peak memory" in comparison_text.text(found)
    mixed = results(tmp_path / "c", *groups[:7], *sums[7:])
    assert any("left out: read by pss, the others by cgroup" in one.what for one in viewed(mixed).warnings)


def other_pipeline() -> dict[str, object]:
    """Return the pipelines of a manifest, with another one under the same name."""
    flow = chain()
    flow.modules["stages"] = "another = 1"
    return {"chain": flow.as_json()}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"pipelines": other_pipeline()}, "the stages' code of 'chain'"),
        ({"pipeline_digests": {"chain": "other"}}, "has other input data, or another file"),
    ],
)
def test_sets_of_other_pipelines_are_not_compared(
    changes: dict[str, object], why: str, tmp_path: Path
) -> None:
    """Their words and times say nothing together; keys and names may be the same."""
    trials = [attempt(trial("control")), attempt(trial("one", order=1))]
    before = results(tmp_path / "a", *trials, pipeline_digests={"chain": "first"})
    with pytest.raises(UsageError, match=f"not compared, because their pipelines differ: .*{why}"):
        compare(before, results(tmp_path / "b", *trials, **{"pipeline_digests": {"chain": "b"}, **changes}))


def test_an_older_set_without_digests_is_compared_by_what_it_stores(tmp_path: Path) -> None:
    """Of the graph and the code."""
    trials = [attempt(trial("control")), attempt(trial("one", order=1))]
    now = results(tmp_path / "b", *trials, pipeline_digests={"chain": "now"})
    assert compare(results(tmp_path / "a", *trials), now).truths
