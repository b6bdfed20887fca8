"""Scores: fixed scales, bounds for what is missing, and noise in joint draws."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.report.page_data import view_of
from bench.scoring.criteria import Criterion, Indicator, Requirement, Scale
from bench.scoring.draws import rated
from bench.scoring.readings import Reading
from bench.scoring.scores import Scores
from tests.unit.facts import attempt, run, trial
from tests.unit.readings import criteria, said, scores, seconds, timed
from tests.unit.sets import blocks, stored

TIME = "startup/hello/first_body"
WORD = "caching/unchanged"
STEADY = timed(*[1.0] * 6)
WORDS = Indicator(id="word", metrics=(WORD,), why="a test")


def bounds(found: Scores, target: int = 0, criterion: int = 0) -> tuple[float, float]:
    """Return the medians of both bounds of one score."""
    one = found.by_target[target][criterion]
    return float(np.median(one.low)), float(np.median(one.high))


def of_time(*samples: float) -> tuple[float, float]:
    """Return the score of a tool with these times."""
    asked = criteria(Criterion(name="speed", tier=1, indicators=(seconds(),)))
    return bounds(scores(asked, {"one": {TIME: timed(*samples)}}))


def test_a_time_scores_one_at_the_best_point_of_its_scale_and_zero_at_the_worst() -> None:
    """And goes by its logarithm between: ten times slower costs the same wherever one starts."""
    assert of_time(*[0.1] * 6) == (1.0, 1.0)
    assert of_time(*[100.0] * 6) == (0.0, 0.0)
    assert of_time(*[1.0] * 6)[0] == pytest.approx(2 / 3, abs=1e-4)
    assert of_time(*[10.0] * 6)[0] == pytest.approx(1 / 3, abs=1e-4)


def test_nothing_counts_beyond_the_points_of_a_scale() -> None:
    """So no single number can outweigh all others."""
    assert of_time(*[0.0001] * 6) == (1.0, 1.0)
    assert of_time(*[0.0] * 6) == (1.0, 1.0)
    assert of_time(*[9999.0] * 6) == (0.0, 0.0)


def test_a_scale_may_go_up_and_by_the_number_itself() -> None:
    """Of shares that are the better the greater they are."""
    scale = Scale(best=10, worst=0, unit="count")
    assert rated(np.array([-1.0, 0.0, 4.0, 10.0, 12.0]), scale).tolist() == [0.0, 0.0, 0.4, 1.0, 1.0]


def test_the_unit_of_a_scale_does_not_matter() -> None:
    """0.1 s is 100 ms."""
    in_seconds = Scale(best=0.1, worst=100.0, unit="s", logarithmic=True)
    in_milliseconds = Scale(best=100.0, worst=100_000.0, unit="ms", logarithmic=True)
    times = np.array([0.05, 0.3, 7.0, 200.0])
    assert rated(times, in_seconds) == pytest.approx(rated(times, in_milliseconds))


def test_what_is_missing_is_counted_as_the_worst_and_as_the_best() -> None:
    """The truth lies between."""
    asked = criteria(Criterion(name="both", tier=1, indicators=(seconds(), WORDS)))
    assert bounds(scores(asked, {"one": {TIME: STEADY}}))[0] == pytest.approx(1 / 3, abs=1e-4)
    assert bounds(scores(asked, {"one": {TIME: STEADY}}))[1] == pytest.approx(5 / 6, abs=1e-4)


def test_a_family_without_an_indicator_is_missing_not_forgotten() -> None:
    """What is not measured yet keeps its weight."""
    asked = criteria(
        Criterion(name="half", tier=1, families={"a": 1, "b": 1}, indicators=(seconds(family="a"),))
    )
    found = scores(asked, {"one": {TIME: timed(*[0.1] * 6)}})
    assert bounds(found) == (0.5, 1.0)
    assert found.by_target[0][0].known == 0.5


@pytest.mark.parametrize("state", ["failed", "unsupported"])
def test_what_failed_or_is_not_there_scores_zero(state: str) -> None:
    """It is known, so there is no upper bound to hope for."""
    asked = criteria(Criterion(name="speed", tier=1, indicators=(seconds(),)))
    reading = Reading("failed") if state == "failed" else Reading("unsupported")
    assert bounds(scores(asked, {"one": {TIME: reading}})) == (0.0, 0.0)


def test_a_block_that_failed_takes_its_share_of_the_score() -> None:
    """However fast the others were; and one that fails in most blocks has no fast median."""
    assert of_time(0.1, 0.1, 0.1, 0.1, 0.1, math.nan)[0] == pytest.approx(5 / 6, abs=1e-4)
    assert of_time(0.1, math.nan, math.nan, math.nan, math.nan, math.nan)[0] == 0.0


def test_below_six_samples_a_time_that_is_compared_is_missing() -> None:
    """Its range says nothing of where another run would be."""
    assert of_time(1.0, 10.0) == (0.0, 1.0)


def test_below_six_samples_seconds_beside_other_things_have_their_range() -> None:
    """In a scenario that compares nobody by them; it bounds them from both sides."""
    metric = "metadata/history/latency_many"
    asked = criteria(Criterion(name="speed", tier=1, indicators=(seconds(metric=metric),)))
    low, high = bounds(scores(asked, {"one": {metric: timed(1.0, 10.0)}}))
    assert low == pytest.approx(1 / 3, abs=1e-4)
    assert high == pytest.approx(2 / 3, abs=1e-4)


def test_the_worst_block_decides_what_a_word_is_worth() -> None:
    """A result that is right four times of five is not right."""
    asked = criteria(Criterion(name="words", tier=1, indicators=(WORDS,)))
    assert bounds(scores(asked, {"one": {WORD: said("right hit", "stale")}})) == (0.0, 0.0)


def test_a_wrong_word_can_undo_right_ones() -> None:
    """Where the set says so; below 0 it does not go."""
    cases = tuple(f"caching/{case}" for case in ("unchanged", "body", "constant", "comment"))
    one = Indicator(id="rightly", metrics=cases, values={"stale": -1.0}, why="a test")
    asked = criteria(Criterion(name="words", tier=1, indicators=(one,)))
    right, stale = said("right hit"), said("stale")
    assert bounds(scores(asked, {"one": dict(zip(cases, (right, right, right, stale), strict=True))})) == (
        0.5,
        0.5,
    )
    assert bounds(scores(asked, {"one": dict(zip(cases, (right, stale, stale, stale), strict=True))})) == (
        0.0,
        0.0,
    )


def test_a_word_that_comes_by_a_poorer_way_is_worth_its_share() -> None:
    """As an answer by the layout of files; a wrong one is not bettered by it."""
    trials = {"metadata/brief": Reading("measured", words=((("right", 0.5), ("wrong", 0.5)),))}
    one = Indicator(id="answers", metrics=("metadata/brief",), values={"wrong": -0.25}, why="a test")
    asked = criteria(Criterion(name="record", tier=1, indicators=(one,)))
    assert bounds(scores(asked, {"one": trials}))[0] == pytest.approx((0.5 - 0.25) / 2)


def test_what_an_indicator_needs_bars_it() -> None:
    """What never reuses is never stale, and is worth nothing as a cache."""
    needs: dict[str, tuple[str, ...]] = {WORD: ("right hit",)}
    one = Indicator(id="rightly", metrics=("caching/body",), needs=needs, why="a test")
    asked = criteria(Criterion(name="words", tier=1, indicators=(one,)))
    right = said("right run")
    assert bounds(scores(asked, {"one": {"caching/body": right, WORD: said("wasted")}})) == (0.0, 0.0)
    assert bounds(scores(asked, {"one": {"caching/body": right, WORD: said("right hit")}})) == (1.0, 1.0)
    assert bounds(scores(asked, {"one": {"caching/body": right}})) == (0.0, 1.0)


def test_reuse_that_no_documentation_promises_counts_for_nothing() -> None:
    """The adapter's manifest says whether it does."""
    one = Indicator(id="w", metrics=(WORD,), needs={"declared/reuse-promised": ("yes",)}, why="a test")
    asked = criteria(Criterion(name="words", tier=1, indicators=(one,)))
    found = scores(asked, {"unpromised": {WORD: said("right hit")}, "other": {WORD: said("right hit")}})
    assert bounds(found, 0) == (0.0, 0.0)
    assert bounds(found, 1) == (1.0, 1.0)


def test_a_documented_fact_counts_only_where_nothing_was_measured() -> None:
    """And it is marked."""
    one = Indicator(id="word", metrics=(WORD,), fact="sign-in", why="a test")
    asked = criteria(Criterion(name="words", tier=1, indicators=(one,)))
    facts: dict[str, dict[str, float | None]] = {"one": {"sign-in": 1.0}}
    by_fact = scores(asked, {"one": {}}, facts)
    assert bounds(by_fact) == (1.0, 1.0)
    assert by_fact.by_target[0][0].documented == 1.0
    measured = scores(asked, {"one": {WORD: said("stale")}}, facts)
    assert bounds(measured) == (0.0, 0.0)
    assert measured.by_target[0][0].documented == 0.0


def test_an_unknown_fact_is_missing_and_not_a_no() -> None:
    """It widens the bounds."""
    asked = criteria(
        Criterion(name="words", tier=1, indicators=(Indicator(id="f", fact="sign-in", why="a test"),))
    )
    assert bounds(scores(asked, {"one": {}}, {"one": {"sign-in": None}})) == (0.0, 1.0)
    assert bounds(scores(asked, {"one": {}}, {"one": {"sign-in": 0.0}})) == (0.0, 0.0)


def test_noise_that_all_targets_share_cancels_between_them() -> None:
    """The same blocks are drawn again for all: one that is always twice as slow is surely slower."""
    blocks = [1.0, 4.0, 2.0, 8.0, 1.5, 6.0, 3.0, 5.0]
    asked = criteria(Criterion(name="speed", tier=1, indicators=(seconds(),)))
    known = {"one": {TIME: timed(*blocks)}, "two": {TIME: timed(*(2 * block for block in blocks))}}
    found = scores(asked, known)
    apart = found.common[0, 1, 0].difference
    expected = math.log(2) / math.log(1000)
    assert np.quantile(apart, [0.01, 0.99]) == pytest.approx([expected] * 2, abs=1e-4)
    assert found.by_target[0][0].low.std() > 0.01


def test_numbers_of_a_scenario_whose_twin_differed_are_not_compared() -> None:
    """They still count, but no target is ahead of another by them; words are not touched."""
    asked = criteria(Criterion(name="both", tier=1, indicators=(seconds(), WORDS)))
    right = said("right hit")
    known = {"one": {TIME: timed(*[1.0] * 6), WORD: right}, "two": {TIME: timed(*[9.0] * 6), WORD: right}}
    sure, void = scores(asked, known), scores(asked, known, void=("startup",))
    assert (sure.common[0, 1, 0].share, void.common[0, 1, 0].share) == (1.0, 0.5)
    assert void.common[0, 1, 0].difference.tolist() == [0.0]
    assert void.by_target[0][0].low.tolist() == sure.by_target[0][0].low.tolist()


def test_two_targets_are_compared_on_what_both_have() -> None:
    """What one of them lacks is left out for both."""
    asked = criteria(Criterion(name="both", tier=1, indicators=(seconds(), WORDS)))
    right = said("right hit")
    known = {"one": {TIME: STEADY, WORD: right}, "two": {WORD: right}}
    found = scores(asked, known).common[0, 1, 0]
    assert found.share == 0.5
    assert found.difference.tolist() == [0.0]


def met(found: Scores) -> list[bool | None]:
    """Return of each target whether it meets the one requirement that is asked."""
    return [checks[0].met for checks in found.requirements]


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [(None, 2.0, True), (None, 0.5, False), (None, 1.2, None), (0.5, None, True)],
)
def test_a_requirement_on_a_number_holds_only_where_its_whole_interval_does(
    least: float | None, most: float | None, *, expected: bool | None
) -> None:
    """Where the interval lies across the limit, it is unknown."""
    requirement = Requirement(metric=TIME, at_least=least, at_most=most, why="a test")
    asked = criteria(Criterion(name="speed", tier=1, indicators=(seconds(),)), requirement=(requirement,))
    assert met(scores(asked, {"one": {TIME: timed(1.0, 1.1, 1.2, 1.3, 1.25, 1.05)}})) == [expected]


def test_a_requirement_on_a_number_fails_where_a_block_failed() -> None:
    """However good the others were."""
    requirement = Requirement(metric=TIME, at_most=30.0, why="a test")
    asked = criteria(Criterion(name="speed", tier=1, indicators=(seconds(),)), requirement=(requirement,))
    assert met(scores(asked, {"one": {TIME: timed(1, 2, math.nan, 1, 2, 1, 2)}})) == [False]


def test_a_requirement_without_evidence_is_unknown_never_passed() -> None:
    """As the metadata after a kill, where no kill was tried."""
    requirement = Requirement(metric="recovery/run-killed/state", words=("truthful",), why="a test")
    asked = criteria(Criterion(name="speed", tier=1, indicators=(seconds(),)), requirement=(requirement,))
    known = {
        "none": {},
        "good": {requirement.metric: said("truthful")},
        "bad": {requirement.metric: said("truthful", "says running")},
        "absent": {requirement.metric: Reading("unsupported")},
    }
    assert met(scores(asked, known)) == [None, True, False, False]


MARKS = st.sampled_from(["right hit", "wasted", "stale", "crashed", "missing"])
CASES = ("caching/body", "caching/constant", "caching/comment")
ASKED = criteria(
    Criterion(
        name="words",
        tier=1,
        indicators=(Indicator(id="w", metrics=CASES, values={"stale": -1.0}, why="a test"),),
    ),
    Criterion(name="speed", tier=2, indicators=(seconds(),)),
)


@st.composite
def tools(draw: st.DrawFn) -> dict[str, Reading]:
    """Return what is known of a tool: some words, and perhaps times."""
    found = {}
    for case in CASES:
        mark = draw(MARKS)
        if mark != "missing":
            found[case] = said(mark)
    times = draw(st.lists(st.floats(0.01, 200.0), max_size=9))
    if times:
        found[TIME] = timed(*times)
    return found


@settings(deadline=None, max_examples=40)
@given(one=tools(), case=st.sampled_from((*CASES, TIME)))
def test_what_is_missing_never_helps(one: dict[str, Reading], case: str) -> None:
    """Without a reading the lower bound is no higher, and the upper one no lower."""
    less = {metric: reading for metric, reading in one.items() if metric != case}
    found = scores(ASKED, {"whole": one, "less": less})
    for index in range(2):
        whole, without = found.by_target[0][index], found.by_target[1][index]
        assert (without.low <= whole.low + 1e-4).all()
        assert (without.high >= whole.high - 1e-4).all()


@settings(deadline=None, max_examples=40)
@given(one=tools(), other=tools())
def test_an_added_tool_never_changes_the_score_of_another(
    one: dict[str, Reading], other: dict[str, Reading]
) -> None:
    """Scales are fixed, and draws are of a target's own blocks."""
    alone = scores(ASKED, {"one": one})
    beside = scores(ASKED, {"other": other, "one": one})
    for before, after in zip(alone.by_target[0], beside.by_target[1], strict=True):
        assert before.low.tolist() == after.low.tolist()
        assert before.high.tolist() == after.high.tolist()


def test_an_added_tool_with_too_few_samples_changes_no_other(tmp_path: Path) -> None:
    """Nor is the order of the others withheld for it."""
    enough = blocks(6, control=1.0, quick=2.0, slow=20.0)
    late = [attempt(trial("late", block, order=100 + block), run(3.0)) for block in range(5)]
    sets = (stored(tmp_path / str(len(more)), *enough, *more) for more in ([], late))
    found = [view_of(store).scored for store in sets]
    totals = []
    for one in found:
        assert one is not None
        assert one.withheld is None
        totals.append({each.target: (each.low, each.high) for each in one.weighed["all"].ranking.totals})
    assert totals[1].pop("late[local]")[1] == pytest.approx(1.0)
    assert totals[0] == totals[1]


@settings(deadline=None, max_examples=40)
@given(one=tools(), other=st.sampled_from(["right hit", "stale"]))
def test_a_case_that_no_indicator_reads_changes_nothing(one: dict[str, Reading], other: str) -> None:
    """Whatever it says."""
    found = scores(ASKED, {"one": one, "more": {**one, "caching/order": said(other)}})
    for before, after in zip(*found.by_target, strict=True):
        assert before.low.tolist() == after.low.tolist()


def test_a_block_that_a_target_lacks_shifts_none_of_the_others() -> None:
    """What a block did to both still cancels: draws go by the blocks, and not by the place of a sample."""
    noise = np.random.default_rng(4).lognormal(0.0, 0.5, 12)

    def without(block: int) -> Reading:
        kept = tuple(number for number in range(12) if number != block)
        return replace(timed(*noise[list(kept)]), blocks=kept)

    asked = criteria(Criterion(name="speed", tier=1, indicators=(seconds(),)))
    found = scores(asked, {"one": {TIME: without(2)}, "other": {TIME: without(9)}})
    first, second = (row[0].low for row in found.by_target)
    assert np.corrcoef(first, second)[0, 1] > 0.8
    assert np.std(found.common[0, 1, 0].difference) < np.std(first) / 2
