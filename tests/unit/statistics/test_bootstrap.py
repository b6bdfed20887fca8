"""Draws of a median: as wide as the order statistics say, and paired by blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.draws import DRAWS, Floats
from bench.statistics.bootstrap import median_draws
from bench.statistics.intervals import median_interval
from bench.statistics.quantiles import HIGH, LOW, quantile


def drawn(samples: Floats, seed: int = 0) -> Floats:
    """Return draws of a median, with the blocks that this seed gives."""
    chosen = np.random.default_rng(seed).integers(len(samples), size=(DRAWS, len(samples)))
    return median_draws(samples, float(np.median(samples)), chosen)


@given(st.lists(st.floats(0.0, 1.0), min_size=6, max_size=30))
def test_their_interval_is_that_of_the_samples(samples: list[float]) -> None:
    """So a score is as sure as the number that it is made of, and that is tested for its coverage."""
    found, interval = drawn(np.array(samples)), median_interval(samples)
    assert interval is not None
    assert quantile(found, LOW) == pytest.approx(interval.low)
    assert quantile(found, HIGH) == pytest.approx(interval.high)


@given(st.lists(st.floats(0.0, 1.0), min_size=6, max_size=30))
def test_their_middle_is_the_median_of_the_samples(samples: list[float]) -> None:
    """Or as near to it as one of 2,000 draws can be."""
    found = drawn(np.array(samples))
    low, high = quantile(found, 0.495), quantile(found, 0.505)
    assert low - 1e-9 <= np.median(samples) <= high + 1e-9


@pytest.mark.parametrize("count", [6, 7, 10, 15, 20])
@pytest.mark.parametrize("shared", [0.0, 0.05])
def test_equal_targets_are_seldom_told_apart(count: int, shared: float) -> None:
    """In at most 5 % of 400 pairs, whether or not blocks are slow for both; their samples differ by chance."""
    random = np.random.default_rng(count)
    apart = 0
    for number in range(400):
        block = random.normal(0.0, shared, count)
        one, other = (
            drawn(np.clip(random.normal(0.5, 0.05, count) + block, 0.0, 1.0), number) for _ in range(2)
        )
        apart += quantile(one - other, LOW) > 0 or quantile(one - other, HIGH) < 0
    assert apart / 400 <= 0.05


def test_what_blocks_did_to_both_cancels() -> None:
    """One that is always worth a tenth more is worth that in every draw."""
    blocks = np.array([0.1, 0.4, 0.2, 0.8, 0.15, 0.6, 0.3])
    assert np.ptp(drawn(blocks + 0.1) - drawn(blocks)) < 1e-9
    assert np.ptp(drawn(blocks)) > 0.1


def test_too_few_samples_have_no_draws() -> None:
    """Of five there is no interval, and so nothing to draw from."""
    with pytest.raises(ValueError, match="5 samples are too few"):
        drawn(np.full(5, 0.5))


@pytest.mark.parametrize("count", [100, 1_023, 1_024, 3_000])
def test_the_draws_of_many_samples_are_finite(count: int) -> None:
    """The number of ways to choose a half of them is beyond any floating-point number."""
    random = np.random.default_rng(count)
    samples = random.uniform(0.0, 1.0, count)
    chosen = random.integers(count, size=(100, count))
    draws = median_draws(samples, float(np.median(samples)), chosen)
    assert np.isfinite(draws).all()
    assert abs(np.median(draws) - np.median(samples)) < 0.01
