"""Medians, intervals and ties: against known answers and by simulation."""

import math
import random
from collections.abc import Callable
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.contract.scenario import manifests
from bench.statistics.intervals import (
    compared,
    median_interval,
    paired_ratio,
    relative_half_width,
    summarise,
)

positive = st.floats(min_value=1e-3, max_value=1e3)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_below_six_samples_there_is_no_interval(count: int) -> None:
    """Five samples cover the median with 93.75 % at most."""
    assert median_interval(list(range(count))) is None


def test_six_samples_give_their_range_as_the_interval() -> None:
    """Its coverage is 1 - 2 * 0.5**6."""
    interval = median_interval([3, 1, 6, 2, 5, 4])
    assert interval is not None
    assert (interval.low, interval.high) == (1, 6)
    assert interval.coverage == pytest.approx(1 - 2 * 0.5**6)


@pytest.mark.parametrize(("count", "rank"), [(8, 1), (9, 2), (10, 2), (15, 4), (20, 6), (25, 8)])
def test_the_order_statistics_are_those_of_the_published_table(count: int, rank: int) -> None:
    """Conover's table of 95 % intervals for a median."""
    interval = median_interval([float(value) for value in range(1, count + 1)])
    assert interval is not None
    assert (interval.low, interval.high) == (rank, count - rank + 1)


@pytest.mark.parametrize("count", [6, 10, 15, 20])
@pytest.mark.parametrize("shape", ["normal", "exponential", "two humps"])
def test_intervals_cover_the_true_median(count: int, shape: str) -> None:
    """At least 94 % of 4,000 simulated trials, whatever the distribution."""
    draw = random.Random(f"{count}{shape}")
    draws: dict[str, tuple[Callable[[], float], float]] = {
        "normal": (lambda: draw.gauss(1.0, 0.1), 1.0),
        "exponential": (lambda: draw.expovariate(1.0), math.log(2)),
        "two humps": (lambda: draw.choice((1.0, 3.0)) + draw.uniform(-1.0, 1.0), 2.0),
    }
    sample, truth = draws[shape]
    covered = 0
    for _ in range(4000):
        interval = median_interval([sample() for _ in range(count)])
        assert interval is not None
        covered += interval.low <= truth <= interval.high
    assert covered / 4000 > 0.94


RULES = sorted(
    {
        (repetition.interim_checks, repetition.half_width)
        for manifest in manifests().values()
        for profile in manifest.profiles.values()
        for repetition in profile.values()
        if repetition.half_width is not None
    }
)
"""The looks of all profiles that decide by a half-width, and it."""


@pytest.mark.parametrize("spread", [0.02, 0.07, 0.15])
@pytest.mark.parametrize("shape", ["normal", "exponential", "two humps"])
@pytest.mark.parametrize(("interim_checks", "half_width"), RULES)
def test_intervals_cover_the_true_median_where_looking_decides_when_to_stop(
    interim_checks: tuple[int, ...], half_width: float, shape: str, spread: float
) -> None:
    """At least 94 % of 4,000 simulated suites, under the rules that all profiles have."""
    draw = random.Random(f"{interim_checks}{shape}{spread}")
    draws: dict[str, tuple[Callable[[], float], float]] = {
        "normal": (lambda: draw.gauss(1.0, spread), 1.0),
        "exponential": (lambda: 1.0 + spread * draw.expovariate(1.0), 1.0 + spread * math.log(2)),
        "two humps": (lambda: 1.0 + spread * (draw.choice((-1.0, 1.0)) + draw.uniform(-0.2, 0.2)), 1.0),
    }
    sample, truth = draws[shape]
    covered = 0
    for _ in range(4000):
        samples: list[float] = []
        for look in interim_checks:
            samples += [sample() for _ in range(look - len(samples))]
            width = relative_half_width(samples)
            if width is not None and width < half_width:
                break
        found = summarise(samples)
        assert found.interval is not None
        covered += found.interval.low <= truth <= found.interval.high
    assert covered / 4000 > 0.94


def test_a_paired_ratio_takes_out_what_a_block_has_in_common() -> None:
    """Each block is slower than the last, and the ratio is 2 in all."""
    control = [1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
    ratio = paired_ratio([2 * value for value in control], control)
    assert ratio.interval is not None
    assert ratio.median == ratio.interval.low == ratio.interval.high == pytest.approx(2.0)


@given(st.lists(st.tuples(positive, positive), min_size=6, max_size=20))
def test_the_inverse_of_a_ratio_is_the_ratio_of_the_inverse(pairs: list[tuple[float, float]]) -> None:
    """Twice as slow and half as fast are one thing."""
    one, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assert paired_ratio(one, other).median * paired_ratio(other, one).median == pytest.approx(1.0)


@given(st.lists(positive, min_size=6, max_size=20), positive)
def test_units_do_not_matter(samples: list[float], factor: float) -> None:
    """Seconds or milliseconds, the relative half-width is the same."""
    width, scaled = (
        relative_half_width(values) for values in (samples, [value * factor for value in samples])
    )
    assert width == pytest.approx(scaled)


@given(st.lists(positive, min_size=6, max_size=20))
def test_a_target_is_a_tie_with_itself(samples: list[float]) -> None:
    """Equal samples never differ."""
    assert compared(samples, samples) == 0


def test_a_sure_difference_below_the_effect_floor_is_a_tie() -> None:
    """4 % in every block is certain, and too small to matter."""
    base = [1.0, 1.1, 1.2, 1.0, 1.1, 1.2]
    assert compared([1.04 * value for value in base], base) == 0
    assert compared([1.06 * value for value in base], base) == 1
    assert compared(base, [1.06 * value for value in base]) == -1


def test_a_great_difference_within_the_noise_is_a_tie() -> None:
    """Where the order changes from block to block."""
    assert compared([1.0, 9.0, 1.0, 9.0, 1.0, 9.0], [3.0, 3.0, 3.0, 3.0, 3.0, 3.0]) == 0


def test_values_that_are_not_positive_are_compared_by_difference() -> None:
    """There is no ratio to 0, and noise around 0 is a tie."""
    assert compared([0.0] * 6, [1.0] * 6) == -1
    assert compared([0.0] * 6, [0.0] * 6) == 0
    assert compared([-0.1, 0.2, -0.3, 0.1, -0.2, 0.3], [0.1, -0.2, 0.3, -0.1, 0.2, -0.3]) == 0


def test_too_few_pairs_say_nothing() -> None:
    """Neither tie nor difference."""
    assert compared([1.0, 1.0], [9.0, 9.0]) is None


@given(st.lists(positive, min_size=1, max_size=30))
def test_a_summary_keeps_the_range(samples: list[float]) -> None:
    """And the median lies in it."""
    summary = summarise(samples)
    assert summary.low <= summary.median <= summary.high
    assert summary.median == median(samples)
