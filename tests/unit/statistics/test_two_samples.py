"""Two independent samples: known shifts are found, and the interval covers as often as it says."""

import random
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.statistics.two_samples import MOST, _rank, _ways, ratio, shift

TIMES = st.lists(st.floats(0.001, 1000.0), min_size=6, max_size=12)


def test_five_samples_are_too_few() -> None:
    """On either side."""
    assert shift([1.0] * 5, [1.0] * 9) is None
    assert ratio([1.0] * 9, [1.0] * 5) is None


def test_twice_as_slow_is_twice_as_slow() -> None:
    """The ratio is that of the second to the first."""
    times = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5]
    found = ratio(times, [2 * one for one in times])
    assert found is not None
    assert found.estimate == pytest.approx(2.0)
    assert found.low < 2.0 < found.high
    assert found.low > 1.0


def test_samples_that_overlap_are_not_told_apart() -> None:
    """The interval holds no difference."""
    found = shift([1, 2, 3, 4, 5, 6], [1.5, 2.5, 3.5, 4.5, 5.5, 6.5])
    assert found is not None
    assert found.low < 0 < found.high


def test_the_ranks_are_those_of_the_published_tables() -> None:
    """Critical values of the Mann-Whitney test at 5 %, two-sided; the rank is one more."""
    critical = {(6, 6): 5, (6, 8): 8, (8, 8): 13, (10, 10): 23, (10, 15): 39, (20, 20): 127}
    assert {sizes: _rank(*sizes, 0.95)[0] - 1 for sizes in critical} == critical


def test_ways_are_counted_as_by_hand() -> None:
    """All orders of three and four, one by one."""
    counted = [0] * 13
    for places in combinations(range(7), 3):
        others = [place for place in range(7) if place not in places]
        counted[sum(one > other for one, other in product(places, others))] += 1
    assert _ways(3, 4) == counted


def test_beyond_the_counted_sizes_the_interval_hardly_changes() -> None:
    """The normal distribution takes over without a step."""
    counted, approximated = _rank(50, 50, 0.95)[0], _rank(51, 51, 0.95)[0]
    assert 0 < approximated - counted < 80


@given(first=TIMES, second=TIMES)
def test_the_other_way_round_it_is_the_inverse(first: list[float], second: list[float]) -> None:
    """Faster becomes slower, by as much."""
    there, back = ratio(first, second), ratio(second, first)
    assert there is not None
    assert back is not None
    assert (back.estimate, back.low, back.high) == pytest.approx(
        (1 / there.estimate, 1 / there.high, 1 / there.low)
    )


@given(times=TIMES)
def test_of_itself_a_sample_does_not_differ(times: list[float]) -> None:
    """The ratio is 1, and the interval holds it."""
    found = ratio(times, times)
    assert found is not None
    assert found.estimate == pytest.approx(1.0)
    assert found.low <= 1.0 <= found.high


@pytest.mark.parametrize(("fewer", "more"), [(6, 6), (6, 10), (15, 20)])
def test_the_interval_covers_the_truth_at_least_as_often_as_it_says(fewer: int, more: int) -> None:
    """Of skewed times with a planted ratio of 1.3, in a thousand draws; three deviations are allowed."""
    chance = random.Random(fewer * more)
    covered = 0
    for _ in range(1000):
        first = [chance.lognormvariate(0, 0.3) for _ in range(fewer)]
        second = [1.3 * chance.lognormvariate(0, 0.3) for _ in range(more)]
        found = ratio(first, second)
        assert found is not None
        covered += found.low <= 1.3 <= found.high
    assert covered / 1000 >= 0.95 - 3 * (0.95 * 0.05 / 1000) ** 0.5


def test_of_very_many_samples_some_in_equal_steps_are_taken() -> None:
    """So it takes no longer, and a drift within a set is still in both."""
    first = [1.0 + place / 10_000 for place in range(10 * MOST)]
    found = ratio(first, [2 * one for one in first])
    assert found is not None
    assert found.estimate == pytest.approx(2.0, rel=0.01)
    assert found.high - found.low < 0.1
