"""What a number is worth, in draws: noise is carried by them, and targets are drawn together.

The blocks of a case are drawn again with replacement, the same ones for all targets, so that what a block did to all
of them cancels (paired bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, section 8). They are
spread as far as the order statistics of the samples say (:mod:`bench.statistics.bootstrap`). Draws are rounded to what
the scorecard's page holds, so that the page and the command line compute from the same numbers.
"""

import zlib
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.contract.records import Target
from bench.scoring.criteria import MetricRef, Scale
from bench.scoring.readings import Reading
from bench.statistics.bootstrap import median_draws

__all__ = ["DRAWS", "STEPS", "Draws", "Floats", "ended", "quantised", "rated"]

DRAWS = 2000
STEPS = 32767
"""A draw is kept as a whole number of these steps, in 16 bits: a score's from 0 on, a difference's from -1."""
Z_95 = 1.959963984540054

Floats: TypeAlias = NDArray[np.float64]


class Draws:
    """Draws of numbers, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._again: dict[tuple[str, str, int], NDArray[np.int64]] = {}

    def of(self, reading: Reading, leaf: MetricRef, target: Target, scale: Scale) -> Floats:
        """Return draws of what a number is worth: its median over blocks, or the fitted value."""
        samples = ended(reading.samples, scale)
        if reading.interval is not None:
            low, high = reading.interval
            z = self._random(leaf.metric, target.name).standard_normal(DRAWS)
            # An interval that leans to one side is kept so: half a normal distribution on each side.
            return rated(
                samples[0] + z * np.where(z < 0, samples[0] - low, high - samples[0]) / Z_95, scale
            )
        middle = rated(np.median(samples, keepdims=True), scale)
        if not reading.timed:
            return middle
        # Of what they are worth, which is finite also where a block failed.
        return median_draws(rated(samples, scale), float(middle[0]), self._chosen(reading, leaf))

    def _chosen(self, reading: Reading, leaf: MetricRef) -> NDArray[np.int64]:
        """Return which samples are in each draw, by their place: of the same blocks for all targets.

        In place of a block that a target has no sample of, the next that it has is drawn.
        """
        count = len(reading.samples)
        blocks = np.array(reading.blocks or range(count))
        planned = int(blocks.max()) + 1
        key = (leaf.scenario, leaf.case, planned)
        if key not in self._again:
            self._again[key] = self._random(*map(str, key)).integers(planned, size=(DRAWS, planned))
        drawn = self._again[key]
        return drawn if count == planned else _next(blocks, planned)[drawn]

    def _random(self, *names: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32("/".join(names).encode())])


def quantised(values: Floats) -> Floats:
    """Return draws rounded to the steps in which they are shipped; a constant stays as it is."""
    if (values == values[0]).all():
        return values[:1]
    return np.round(values * STEPS) / STEPS


def rated(values: Floats, scale: Scale) -> Floats:
    """Return what numbers are worth on a scale, from 0 to 1; not a number (a failed block) is worth 0."""
    best, worst = scale.best * scale.factor, scale.worst * scale.factor
    if scale.logarithmic:
        # A time of 0 is beyond any best.
        values = np.log(np.maximum(values, 1e-12))
        best, worst = float(np.log(best)), float(np.log(worst))
    return np.nan_to_num(np.clip((values - worst) / (best - worst), 0.0, 1.0), nan=0.0)


def _next(blocks: NDArray[np.int64], planned: int) -> NDArray[np.int64]:
    """Return for each planned block the place of the first known one from it on; after the last, of the first."""
    return np.asarray(np.searchsorted(blocks, np.arange(planned)) % len(blocks), np.int64)


def ended(samples: Sequence[float], scale: Scale) -> Floats:
    """Return the samples with a block that failed as worse than any number."""
    worse = float("inf") if scale.worst > scale.best else float("-inf")
    found = np.array(samples, np.float64)
    return np.where(np.isnan(found), worse, found)
