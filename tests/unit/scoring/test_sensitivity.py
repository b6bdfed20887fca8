"""The smallest change of a weight that changes who leads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.report.numbers import rounded_weight
from bench.scoring.criteria import Criterion, Requirement
from bench.scoring.ranks import ranking
from bench.scoring.scores import Scores
from bench.scoring.sensitivity import REACHES, turning
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


def leaders(found: Scores, weights: dict[str, float]) -> set[str]:
    return set(ranking(found, weights).leaders)


def test_others_lead_just_beyond_the_smallest_change() -> None:
    """Tried a little before it and a little after it."""
    found = scores(BOTH, {"first": tool(1, 10), "again": tool(8, 1)})
    assert leaders(found, BOTH.weights) == {"first[local]"}
    turn = turning(found, BOTH.weights)
    assert turn is not None
    assert set(turn.leaders) == {"first[local]", "again[local]"}
    for factor, expected in ((0.99, {"first[local]"}), (1.01, set(turn.leaders))):
        weight = turn.weight + (turn.new_weight - turn.weight) * factor
        assert leaders(found, BOTH.weights | {turn.criterion: weight}) == expected


def test_it_is_not_where_the_greatest_total_changes() -> None:
    """Who is level leads too, so that another joins the one that led before its total is the greatest."""
    found = scores(BOTH, {"first": tool(1, 10), "again": tool(8, 1)})
    turn = turning(found, BOTH.weights)
    assert turn is not None
    beyond = ranking(found, BOTH.weights | {turn.criterion: turn.new_weight * 0.999})
    assert beyond.totals[0].target == "first[local]"
    assert len(beyond.leaders) == 2


def test_there_is_none_where_one_is_better_in_all() -> None:
    """Whatever is weighed how."""
    assert turning(scores(BOTH, {"fast": tool(1, 1), "slow": tool(10, 10)}), BOTH.weights) is None


def test_at_a_weight_of_nothing_there_is_none() -> None:
    """Only at 0 would both be level, and there is no weight beyond."""
    found = scores(criteria(SPEED), {"quick": {TIME: steady(1)}, "slow": {TIME: steady(10)}})
    assert turning(found, {"speed": 3.0}) is None


def test_a_criterion_of_weight_0_is_not_changed() -> None:
    """A share of nothing is nothing."""
    weights = {"speed": 1.0, "again": 0.0}
    assert turning(scores(BOTH, {"first": tool(1, 10), "again": tool(5, 1)}), weights) is None


def test_who_may_yet_fail_a_requirement_is_put_first_by_no_weight() -> None:
    """It cannot lead before that is known."""
    requirement = Requirement(metric="caching/unchanged", words=("right hit",), why="a test")
    asked = criteria(SPEED, AGAIN, requirement=(requirement,))
    known = {"met": {**tool(1, 10), requirement.metric: said("right hit")}, "open": tool(10, 1)}
    assert turning(scores(asked, known), asked.weights) is None


def test_where_all_fail_a_requirement_there_is_none() -> None:
    """Nobody leads under any weights."""
    requirement = Requirement(metric="caching/unchanged", words=("right hit",), why="a test")
    asked = criteria(SPEED, requirement=(requirement,))
    assert (
        turning(scores(asked, {"one": {TIME: steady(1), requirement.metric: said("stale")}}), asked.weights)
        is None
    )


def test_more_weight_on_what_only_one_has_makes_the_other_a_leader_no_more() -> None:
    """With too little in common nothing is said, and who lacks the evidence is not called a leader."""
    found = scores(BOTH, {"both": tool(2, 2), "quick": {TIME: steady(2)}})
    weights = {"speed": 30.0, "again": 0.1}
    assert leaders(found, weights) == {"both[local]", "quick[local]"}
    turn = turning(found, weights)
    assert turn is not None
    assert turn.leaders == ("both[local]",)


@pytest.mark.parametrize("factor", [1e-10, 1.0, 1e6])
def test_only_ratios_of_weights_matter(factor: float) -> None:
    """The same criterion, and the same share of its weight."""
    found = scores(BOTH, {"first": tool(1, 10), "again": tool(5, 1)})
    turn, scaled = (
        turning(found, {name: one * by for name, one in BOTH.weights.items()}) for by in (1.0, factor)
    )
    assert turn is not None
    assert scaled is not None
    assert scaled.criterion == turn.criterion
    assert scaled.new_weight / scaled.weight == pytest.approx(turn.new_weight / turn.weight)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.lists(st.integers(1, 6), min_size=3, max_size=3))
def test_nothing_nearer_changes_who_leads(seed: int, tools: int, tiers: list[int]) -> None:
    """Weights in small steps are tried one by one, of scores with noise and gaps."""
    random = np.random.default_rng(seed)
    metrics = (TIME, REUSED, "startup/hello/whole_run")
    asked = criteria(
        *(
            Criterion(name=metric, tier=1, weight=float(weight), indicators=(seconds(metric, metric),))
            for metric, weight in zip(metrics, tiers, strict=True)
        )
    )
    known = {
        f"t{number}": {
            metric: timed(*(random.uniform(0.3, 30) * random.lognormal(0, 0.3, 8)))
            for metric in metrics
            if random.random() < 0.9
        }
        for number in range(tools)
    }
    found = scores(asked, known)
    turn = turning(found, asked.weights)
    change = REACHES[1] if turn is None else abs(turn.new_weight / turn.weight - 1)
    now = leaders(found, asked.weights)
    for name, weight in asked.weights.items():
        for share in np.linspace(-change, change, 41)[1:-1]:
            tried = weight * (1 + share)
            # What changes at the weight itself has nothing nearer.
            if tried > 0 and change > 1e-6:
                assert leaders(found, asked.weights | {name: tried}) == now
    if turn is not None:
        beyond = turn.new_weight * (1 + (1e-7 if turn.new_weight > turn.weight else -1e-7))
        assert leaders(found, asked.weights | {turn.criterion: beyond}) == set(turn.leaders) != now


@pytest.mark.parametrize(
    ("value", "up", "told"),
    [
        (1.148, False, "1.14"),
        (2.001, True, "2.01"),
        (2.0 * (1 + 1e-9), True, "2.01"),
        (8.96 * (1 - 1e-9), False, "8.95"),
        (0.0045, False, "0.004"),
        (99.999, True, "100"),
    ],
)
def test_a_told_weight_is_beyond_the_change(value: float, up: bool, told: str) -> None:
    """So that who types it in sees what was told."""
    assert rounded_weight(value, up=up) == told


def test_a_change_at_the_given_weight_itself_is_found() -> None:
    """There, what both have is just enough of the weight to compare them; a little more of the other, and it is not."""
    found = scores(BOTH, {"all": tool(100, 100), "quick": {TIME: steady(0.1)}})
    weights = {"speed": 1.0, "again": 9.0}
    assert leaders(found, weights) == {"quick[local]"}
    turn = turning(found, weights)
    assert turn is not None
    assert turn.leaders == ("all[local]",)
    assert abs(turn.new_weight / turn.weight - 1) < 1e-6


def test_of_two_equal_changes_the_first_is_named() -> None:
    """The last digit of a number does not choose, or the page would choose another."""
    mirrored = scores(BOTH, {"first": tool(1, 30), "again": tool(30, 1)})
    turn = turning(mirrored, {"speed": 5.0, "again": 5.0})
    assert turn is not None
    assert turn.criterion == "speed"
