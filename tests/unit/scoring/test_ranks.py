"""The order of targets: claimed only as far as noise, missing evidence and weights leave it."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.scoring.criteria import Criterion, Indicator, Requirement
from bench.scoring.ranks import acceptability, ranking
from bench.scoring.readings import Reading
from bench.statistics.quantiles import quantile
from tests.unit.readings import (
    AGAIN,
    BOTH,
    REUSED,
    SPEED,
    TIME,
    criteria,
    said,
    scores,
    seconds,
    steady,
    timed,
    tool,
)


def test_the_better_one_is_ahead_and_leads() -> None:
    """In both criteria."""
    found = ranking(scores(BOTH, {"fast": tool(1, 1), "slow": tool(10, 10)}), BOTH.weights)
    assert [one.target for one in found.totals] == ["fast[local]", "slow[local]"]
    assert [one.place for one in found.totals] == [(1, 1), (2, 2)]
    assert found.pairs[0].relation == "ahead"
    assert found.leaders == ("fast[local]",)


def test_a_difference_below_the_effect_floor_is_a_tie() -> None:
    """However sure it is."""
    found = ranking(scores(BOTH, {"one": tool(1, 1), "other": tool(1.1, 1.1)}), BOTH.weights)
    assert found.pairs[0].relation == "tie"
    assert found.leaders == ("one[local]", "other[local]")


def test_a_difference_within_the_noise_is_a_tie() -> None:
    """Although the medians are far apart."""
    asked = criteria(SPEED)
    one = {TIME: timed(1, 50, 2, 40, 1.5, 60, 30)}
    other = {TIME: timed(45, 1.2, 35, 2.5, 55, 1, 3)}
    assert ranking(scores(asked, {"one": one, "other": other}), asked.weights).pairs[0].relation == "tie"


def test_missing_evidence_leaves_the_place_open() -> None:
    """Though on what both have, one is ahead."""
    one, other = tool(1, 1), {TIME: steady(10)}
    found = ranking(scores(BOTH, {"one": one, "other": other}), BOTH.weights)
    assert [total.place for total in found.totals] == [(1, 1), (2, 2)]
    unsure = ranking(scores(BOTH, {"one": {TIME: steady(1)}, "other": other}), BOTH.weights)
    assert {total.place for total in unsure.totals} == {(1, 2)}
    assert unsure.pairs[0].relation == "ahead"
    assert unsure.pairs[0].share == pytest.approx(0.6)


def test_with_too_little_in_common_nothing_is_said() -> None:
    """Nor does who has no evidence lead."""
    found = ranking(scores(BOTH, {"one": tool(1, 1), "none": {}}), BOTH.weights)
    assert found.pairs[0].relation == "too little in common"
    assert found.leaders == ("one[local]",)


def test_who_fails_a_requirement_comes_last_and_does_not_lead() -> None:
    """Whatever the total."""
    requirement = Requirement(metric="caching/unchanged", words=("right hit",), why="a test")
    asked = criteria(SPEED, requirement=(requirement,))
    known = {
        "fast": {TIME: steady(0.1), requirement.metric: said("stale")},
        "slow": {TIME: steady(10), requirement.metric: said("right hit")},
    }
    found = ranking(scores(asked, known), asked.weights)
    assert [one.target for one in found.totals] == ["slow[local]", "fast[local]"]
    assert [one.meets for one in found.totals] == [True, False]
    assert "fast[local]" not in found.leaders


def test_where_all_fail_a_requirement_nobody_leads() -> None:
    """And nothing is first under any weights."""
    requirement = Requirement(metric="caching/unchanged", words=("right hit",), why="a test")
    asked = criteria(SPEED, requirement=(requirement,))
    found = scores(asked, {"one": {TIME: steady(1), requirement.metric: said("stale")}})
    assert ranking(found, asked.weights).leaders == ()
    assert acceptability(found, keep_tiers=True).low == {"one[local]": (0.0,)}


def test_an_open_requirement_comes_after_one_that_is_met_and_does_not_lead() -> None:
    """Not to be measured is no advantage."""
    requirement = Requirement(metric="caching/unchanged", words=("right hit",), why="a test")
    asked = criteria(SPEED, requirement=(requirement,))
    known = {"open": {TIME: steady(0.1)}, "met": {TIME: steady(10), requirement.metric: said("right hit")}}
    found = ranking(scores(asked, known), asked.weights)
    assert [one.target for one in found.totals] == ["met[local]", "open[local]"]
    assert found.leaders == ("met[local]",)


def test_the_effect_floor_is_of_what_both_have() -> None:
    """What is missing for both makes no small difference a great one."""
    empty = Criterion(name="nobody measured", tier=1)
    asked = criteria(SPEED, empty, Criterion(name="nor that", tier=1))
    found = scores(asked, {"one": {TIME: steady(1.0)}, "other": {TIME: steady(1.2)}})
    pair = ranking(found, asked.weights).pairs[0]
    assert pair.share == pytest.approx(1 / 3)
    assert 0.02 < pair.difference < 0.05 * (2 / 3)
    assert pair.relation == "tie"


def test_a_criterion_of_weight_zero_is_in_no_draw_of_weights() -> None:
    """Nobody asked for it."""
    idle = Criterion(name="again", tier=2, weight=0.0, indicators=(seconds("again", REUSED),))
    found = scores(criteria(SPEED, idle), {"first": tool(1, 100), "again": tool(10, 1)})
    assert acceptability(found, keep_tiers=False).low["first[local]"] == (1.0, 0.0)


def test_over_all_weights_two_mirrored_targets_are_first_equally_often() -> None:
    """Keeping the tiers, the one that is better in the first tier always is."""
    found = scores(BOTH, {"first": tool(1, 10), "again": tool(10, 1)})
    everywhere = acceptability(found, keep_tiers=False)
    assert everywhere.low["first[local]"] == pytest.approx((0.5, 0.5), abs=0.02)
    assert [sum(shares) for shares in zip(*everywhere.low.values(), strict=True)] == pytest.approx([1, 1])
    kept = acceptability(found, keep_tiers=True)
    assert kept.low == {"first[local]": (1.0, 0.0), "again[local]": (0.0, 1.0)}


def test_targets_that_are_equal_under_all_weights_share_their_places() -> None:
    """Two of three, each half of the second place and half of the third."""
    found = scores(BOTH, {"best": tool(1, 1), "one": tool(10, 10), "same": tool(10, 10)})
    assert acceptability(found, keep_tiers=False).low == {
        "best[local]": (1.0, 0.0, 0.0),
        "one[local]": (0.0, 0.5, 0.5),
        "same[local]": (0.0, 0.5, 0.5),
    }


def test_over_all_weights_the_share_is_that_of_the_weights_that_favour_it() -> None:
    """A third, where a criterion must weigh twice the other: w > 2 (1 - w) for uniform w."""
    found = scores(BOTH, {"first": tool(1, 100), "again": tool(10, 1)})
    # In units of a tenfold time: first has 2 and 0 of 3, again 1 and 2.
    assert acceptability(found, keep_tiers=False).low["first[local]"][0] == pytest.approx(1 / 3, abs=0.02)


def test_ten_thousand_draws_of_weights_take_under_a_second() -> None:
    """Of eight targets in eleven criteria; the same seed gives the same shares."""
    asked = criteria(*(Criterion(name=f"c{n}", tier=1 + n % 3, indicators=(seconds(),)) for n in range(11)))
    found = scores(asked, {f"t{n}": {TIME: timed(*(n + 1 + i / 9 for i in range(9)))} for n in range(8)})
    begun = time.process_time()
    one = acceptability(found, keep_tiers=True)
    assert time.process_time() - begun < 1.0
    assert one == acceptability(found, keep_tiers=True)


def test_a_quantile_is_one_of_the_samples() -> None:
    """So that a page that sorts the same numbers finds the same one."""
    values = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    assert [quantile(values, share) for share in (0.0, 0.5, 1.0)] == [1.0, 3.0, 5.0]


TIMES = st.floats(0.2, 80.0)
PAIRS = st.tuples(TIMES, TIMES)


@settings(deadline=None, max_examples=40)
@given(tools=st.lists(PAIRS, min_size=2, max_size=4), factor=st.floats(0.01, 100.0))
def test_only_ratios_of_weights_matter(tools: list[tuple[float, float]], factor: float) -> None:
    """All of them times the same number is the same question."""
    found = scores(BOTH, {f"t{n}": tool(*times) for n, times in enumerate(tools)})
    one = ranking(found, BOTH.weights)
    other = ranking(found, {name: weight * factor for name, weight in BOTH.weights.items()})
    assert [total.target for total in one.totals] == [total.target for total in other.totals]
    assert [total.low for total in one.totals] == pytest.approx([total.low for total in other.totals])
    assert one.leaders == other.leaders


@settings(deadline=None, max_examples=40)
@given(times=PAIRS, worse=st.tuples(st.floats(1.5, 9.0), st.floats(1.5, 9.0)), weight=st.floats(0.0, 50.0))
def test_a_dominated_target_never_wins(
    times: tuple[float, float], worse: tuple[float, float], weight: float
) -> None:
    """Under no weights at all."""
    dominated = tool(times[0] * worse[0], times[1] * worse[1])
    found = scores(BOTH, {"dominated": dominated, "better": tool(*times)})
    order = ranking(found, {"speed": weight, "again": 1.0})
    assert order.pairs[0].relation in ("behind", "tie")
    assert order.totals[0].low >= max(one.low for one in order.totals)
    lows = {one.target: one.low for one in order.totals}
    assert lows["better[local]"] >= lows["dominated[local]"]


@settings(deadline=None, max_examples=40)
@given(samples=st.lists(TIMES, min_size=6, max_size=12), again=TIMES)
def test_equal_targets_tie(samples: list[float], again: float) -> None:
    """Noise and all."""
    same = {TIME: timed(*samples), REUSED: steady(again)}
    found = ranking(scores(BOTH, {"one": same, "other": dict(same)}), BOTH.weights)
    assert found.pairs[0].relation == "tie"
    assert found.pairs[0].difference == 0.0
    assert found.leaders == ("one[local]", "other[local]")


@settings(deadline=None, max_examples=60)
@given(
    times=st.lists(st.tuples(TIMES, TIMES), min_size=2, max_size=4),
    lost=st.sampled_from([TIME, REUSED]),
    weight=st.floats(0.1, 10),
)
def test_what_is_missing_makes_nobody_a_leader(
    times: list[tuple[float, float]], lost: str, weight: float
) -> None:
    """Not even where on what is left it is level with all others."""
    known = {f"tool{number}": tool(*one) for number, one in enumerate(times)}
    less = {**known, "tool0": {metric: one for metric, one in known["tool0"].items() if metric != lost}}
    before, after = (
        ranking(scores(BOTH, one), {"speed": weight, "again": 1.0}).leaders for one in (known, less)
    )
    assert "tool0[local]" in before or "tool0[local]" not in after


def test_who_lacks_what_another_has_does_not_lead_before_it() -> None:
    """It is ahead on what both have, and what it lacks may be worse than that."""
    found = ranking(scores(BOTH, {"whole": tool(2, 0.1), "part": {TIME: steady(1)}}), BOTH.weights)
    assert found.pairs[0].relation == "behind"
    assert found.leaders == ()


def test_who_fails_a_requirement_has_no_place_before_one_that_meets_all() -> None:
    """Whatever the totals are, also under the noise; and who may yet fail is before nobody for sure."""
    requirement = Requirement(metric="caching/unchanged", words=("right hit",), why="a test")
    asked = criteria(SPEED, requirement=(requirement,))
    known = {
        "fails": {TIME: steady(0.1), requirement.metric: said("stale")},
        "meets": {TIME: steady(1), requirement.metric: said("right hit")},
        "open": {TIME: steady(10)},
    }
    found = {one.target: one for one in ranking(scores(asked, known), asked.weights).totals}
    assert {name: one.place for name, one in found.items()} == {
        "meets[local]": (1, 1),
        "open[local]": (2, 3),
        "fails[local]": (2, 3),
    }
    assert [one.places[0] for one in found.values()] == [1.0, 0.0, 0.0]


def test_who_may_yet_fail_a_requirement_is_first_under_no_weights() -> None:
    """Whatever they are."""
    requirement = Requirement(metric="caching/unchanged", words=("right hit",), why="a test")
    asked = criteria(SPEED, AGAIN, requirement=(requirement,))
    known = {"met": {**tool(1, 10), requirement.metric: said("right hit")}, "open": tool(10, 1)}
    found = scores(asked, known)
    assert acceptability(found, keep_tiers=False).low == {
        "met[local]": (1.0, 0.0),
        "open[local]": (0.0, 0.0),
    }


def test_an_interval_of_a_fitted_number_is_carried_into_its_score() -> None:
    """Half of the draws on each side of what was fitted."""
    fitted = Reading("measured", samples=(1.0,), timed=True, interval=(0.5, 3.0))
    asked = criteria(Criterion(name="fit", tier=1, indicators=(seconds(),)))
    low = scores(asked, {"one": {TIME: fitted}}).by_target[0][0].low
    worth = [1 - np.log(value / 0.1) / np.log(1000) for value in (3.0, 1.0, 0.5)]
    assert np.quantile(low, [0.025, 0.5, 0.975]) == pytest.approx(worth, abs=0.02)


def test_an_indicator_without_a_metric_or_a_fact_is_refused_before() -> None:
    """By the reader of criteria files; here it is simply missing."""
    asked = criteria(Criterion(name="c", tier=1, indicators=(Indicator(id="x", why="a test"),)))
    assert scores(asked, {"one": {}}).by_target[0][0].known == 0.0


def test_documents_alone_make_nobody_a_leader() -> None:
    """However much is documented: nothing was seen."""
    documented = Criterion(
        name="documented",
        tier=1,
        indicators=(Indicator(id="one", fact="asked", why="a test"),),
    )
    asked = criteria(SPEED, documented)
    found = scores(asked, {"one": {}}, facts={"one": {"asked": 1.0}})
    assert found.by_target[0][1].documented == 1.0
    assert ranking(found, asked.weights).leaders == ()


def test_who_was_not_measured_comes_after_who_fails_a_requirement() -> None:
    """And is first in no draw of the noise."""
    requirement = Requirement(metric="caching/unchanged", words=("right hit",), why="a test")
    asked = criteria(SPEED, requirement=(requirement,))
    known = {"fails": {TIME: steady(1), requirement.metric: said("stale")}, "unmeasured": {}}
    found = ranking(scores(asked, known), asked.weights)
    assert [one.target for one in found.totals] == ["fails[local]", "unmeasured[local]"]
    assert found.totals[1].places[0] == 0.0
    assert found.totals[0].checks[0].seen == "it is stale; it must be right hit"
