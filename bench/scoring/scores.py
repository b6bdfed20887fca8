"""From readings to scores: per target and criterion two bounds, in joint draws; pure functions.

A score lies between 0 and 1. What is missing is counted as the worst for the lower bound and as the best for
the upper one, so that it never helps. Noise is carried by draws: the blocks of a case are drawn again with
replacement, the same ones for all targets, so that what a block did to all of them cancels (paired
bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, section 8), and spread as far as the
order statistics of the samples say (:mod:`bench.statistics.bootstrap`). Draws are rounded to what the scorecard's page
holds, so that the page and the command line compute from the same numbers.
"""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.contract.records import Target
from bench.contract.scenario_manifest import Manifest
from bench.judging.rules import rules_of
from bench.scoring.criteria import Criteria, Criterion, Indicator, MetricRef, Requirement, Scale, leaves
from bench.scoring.criteria_checks import DECLARED
from bench.scoring.readings import Reading, Readings, leaf_of
from bench.statistics.bootstrap import median_draws
from bench.statistics.intervals import MIN_SAMPLES, summarise

__all__ = ["DRAWS", "MANY", "STEPS", "Common", "Graded", "Score", "Scores", "score", "with_documents"]

DRAWS = 2000
STEPS = 32767
"""A draw is kept as a whole number of these steps, in 16 bits: a score's from 0 on, a difference's from -1."""
MANY = 100
"""Blocks beyond which each target is drawn by itself: pairing narrows only what is narrow then, and costs
time and memory with every block. No profile has as many."""
Z_95 = 1.959963984540054

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One leaf of an indicator for one target, as a value in draws.

    low, high: bounds of what it may be worth, equal where it is known; shape (1,) or (DRAWS,). comparable:
    whether it is known well enough to be compared with another target's.
    """

    leaf: MetricRef
    reading: Reading
    low: Floats
    high: Floats
    comparable: bool


@dataclass(frozen=True)
class Graded:
    """One indicator of one target.

    low, high: shape (1,) or (DRAWS,). known: share of its weight for which there is evidence. by_fact: it
    is a documented answer, not a measurement. barred: why it is worth 0 whatever its parts say, if it is.
    """

    indicator: Indicator
    parts: tuple[Part, ...]
    low: Floats
    high: Floats
    known: float
    by_fact: bool = False
    barred: str | None = None


@dataclass(frozen=True)
class Score:
    """One criterion of one target. low, high: shape (1,) or (DRAWS,); known: share of weight with evidence."""

    criterion: str
    low: Floats
    high: Floats
    known: float
    documented: float
    graded: tuple[Graded, ...]


@dataclass(frozen=True)
class Common:
    """One criterion of two targets, on what both have.

    share: of the criterion's weight, for which both have evidence. difference: of the scores there, first
    less second, shape (1,) or (DRAWS,). first, second: medians of these scores. beyond: what
    each scores, of the whole criterion, where it alone has evidence; shape as above.
    """

    share: float
    difference: Floats
    first: float
    second: float
    beyond: tuple[Floats, Floats]

    @property
    def turned(self) -> "Common":
        """Return the same, seen from the second."""
        return Common(self.share, -self.difference, self.second, self.first, self.beyond[::-1])


@dataclass(frozen=True)
class Scores:
    """Scores of all targets under one set of criteria, before the criteria are weighed.

    by_target: in the order of the criteria. common: by the indexes of two targets, first less than second,
    and of a criterion. musts: by target, for each requirement True, False or None where it is unknown.
    """

    criteria: Criteria
    targets: tuple[Target, ...]
    by_target: tuple[tuple[Score, ...], ...]
    common: Mapping[tuple[int, int, int], Common]
    requirements_met: tuple[tuple[bool | None, ...], ...]


def score(
    criteria: Criteria,
    readings: Readings,
    manifests: Mapping[str, Manifest],
    targets: Sequence[Target],
    void: Collection[str] = (),
    *,
    seed: int = 0,
) -> Scores:
    """Score targets from what was measured alone.

    manifests: of all scenarios that criteria may name, run or not. void: scenarios in whose numbers no two
    targets may be compared.
    """
    grader = _Grader(readings, manifests, frozenset(void), seed)
    by_target = tuple(
        tuple(
            _score(criterion, tuple(grader.grade(indicator, target) for indicator in criterion.indicators))
            for criterion in criteria.criteria
        )
        for target in targets
    )
    common = {
        (one, other, index): _common(criterion, by_target[one][index], by_target[other][index])
        for one, other in combinations(range(len(targets)), 2)
        for index, criterion in enumerate(criteria.criteria)
    }
    requirements_met = tuple(
        tuple(grader.meets(target, requirement) for requirement in criteria.requirement)
        for target in targets
    )
    return Scores(criteria, tuple(targets), by_target, common, requirements_met)


def with_documents(measured: Scores, facts: Mapping[str, Mapping[str, float | None]]) -> Scores:
    """Return scores in which documented answers count too, where nothing was measured.

    facts: by tool and question, what its documented answer is worth.
    """
    criteria = measured.criteria.criteria
    by_target = tuple(
        tuple(
            _with_facts(criterion, score, facts.get(target.tool, {}))
            for criterion, score in zip(criteria, row, strict=True)
        )
        for target, row in zip(measured.targets, measured.by_target, strict=True)
    )
    common = dict(measured.common)
    for one, other, index in common:
        first, second = by_target[one][index], by_target[other][index]
        if first is not measured.by_target[one][index] or second is not measured.by_target[other][index]:
            common[one, other, index] = _common(criteria[index], first, second)
    return replace(measured, by_target=by_target, common=common)


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


class _Grader:
    """Grades one target after another, on the same draws."""

    def __init__(
        self,
        readings: Readings,
        manifests: Mapping[str, Manifest],
        void: frozenset[str],
        seed: int,
    ) -> None:
        self.readings = readings
        self.manifests = manifests
        self.void = void
        self.seed = seed
        self._again: dict[tuple[str, str, int], NDArray[np.int64]] = {}

    def grade(self, indicator: Indicator, target: Target) -> Graded:
        """Return the bounds of one indicator."""
        parts = tuple(
            self._part(indicator, leaf, target, self._reading(target, leaf))
            for leaf in leaves(indicator, self.manifests)
        )
        nothing = Graded(indicator, parts, np.zeros(1), np.ones(1), 0.0)
        known = sum(part.leaf.weight for part in parts if part.reading.state != "missing")
        needs = {
            metric: self.readings.has(target, metric, words) for metric, words in indicator.needs.items()
        }
        for metric, has in needs.items():
            # What is declared bars only what was measured: of itself it is no evidence.
            if has is False and (known > 0.0 or metric != DECLARED):
                words = " or ".join(indicator.needs[metric])
                barred = f"for {metric} is not {words}"
                if metric == DECLARED:
                    barred = "for its documentation promises no reuse"
                return Graded(indicator, parts, np.zeros(1), np.zeros(1), 1.0, barred=barred)
        if known == 0.0 or None in needs.values():
            return nothing
        low, high = (
            np.clip(sum((part.leaf.weight * bound for part, bound in bounds), np.zeros(1)), 0.0, 1.0)
            for bounds in ([(part, part.low) for part in parts], [(part, part.high) for part in parts])
        )
        return Graded(indicator, parts, low, high, known)

    def meets(self, target: Target, requirement: Requirement) -> bool | None:
        """Whether a target meets a requirement in every block; None where the evidence does not say."""
        if requirement.words:
            return self.readings.has(target, requirement.metric, requirement.words)
        reading = self.readings.of(target, leaf_of(requirement.metric))
        if reading.state == "missing":
            return None
        if reading.state != "measured":
            return False
        if any(np.isnan(value) for value in reading.samples):
            return False
        bounds = reading.interval or summarise(reading.samples).bounds
        least = -np.inf if requirement.at_least is None else requirement.at_least
        most = np.inf if requirement.at_most is None else requirement.at_most
        within = {bool(least <= value <= most) for value in bounds}
        return within.pop() if len(within) == 1 else None

    def _reading(self, target: Target, leaf: MetricRef) -> Reading:
        """Return a reading; a time that is compared and has no interval is as good as missing, whoever has one."""
        reading = self.readings.of(target, leaf)
        if not reading.too_few or not self.readings.loaded[leaf.scenario].manifest.timed:
            return reading
        count = f"{len(reading.samples)} sample{'s' if len(reading.samples) > 1 else ''}"
        return replace(reading, state="missing", why=f"{count}, and {MIN_SAMPLES} are needed for an order")

    def _part(self, indicator: Indicator, leaf: MetricRef, target: Target, reading: Reading) -> Part:
        worst = min(0.0, *indicator.values.values(), 0.0)
        if reading.state == "missing":
            return Part(leaf, reading, np.full(1, worst), np.ones(1), comparable=False)
        if reading.state != "measured":
            return Part(leaf, reading, np.zeros(1), np.zeros(1), comparable=True)
        if indicator.scale is None:
            words = {
                word.name: word.value for word in rules_of(self.readings.loaded[leaf.scenario].folder).words
            }
            worth = np.full(1, worth_of(reading, words | indicator.values))
            return Part(leaf, reading, worth, worth, comparable=True)
        ended = np.mean(~np.isnan(np.array(reading.samples, np.float64)))
        if reading.too_few:
            ends = rated(_ended(reading.samples, indicator.scale), indicator.scale) * ended
            return Part(leaf, reading, ends.min(keepdims=True), ends.max(keepdims=True), comparable=False)
        # A tool that fails in a tenth of the blocks is worth a tenth less, however fast the others were.
        drawn = self._drawn(reading, leaf, target, indicator.scale) * ended
        return Part(leaf, reading, drawn, drawn, comparable=leaf.scenario not in self.void)

    def _drawn(self, reading: Reading, leaf: MetricRef, target: Target, scale: Scale) -> Floats:
        """Return draws of what a number is worth: its median over blocks, or the fitted value."""
        samples = _ended(reading.samples, scale)
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
        if len(samples) > MANY:
            return rated(self._drawn_of_many(samples, leaf, target), scale)
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

    def _drawn_of_many(self, samples: Floats, leaf: MetricRef, target: Target) -> Floats:
        """Return draws of the median of many samples by the rank that it has in a sample drawn again.

        That median is not above the k-th of n with the probability that a binomial count of n at k / n is
        at least half of n (Efron, Annals of Statistics 7(1), 1979, section 3), which is that a
        Beta((n + 1) / 2, (n + 1) / 2) is not above k / n.
        """
        half = (len(samples) + 1) / 2
        share = self._random(leaf.metric, target.name).beta(half, half, DRAWS)
        rank = np.ceil(share * len(samples)).astype(np.int64) - 1
        return np.asarray(np.sort(samples)[rank])

    def _random(self, *names: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32("/".join(names).encode())])


def _score(criterion: Criterion, graded: tuple[Graded, ...]) -> Score:
    """Return the bounds of one criterion: the mean of its families, each the mean of its indicators."""
    low, high, known, documented = np.zeros(1), np.ones(1), 0.0, 0.0
    for one, weight in zip(graded, shares(criterion), strict=True):
        low = low + weight * one.low
        high = high - weight * (1.0 - one.high)
        known += weight * one.known
        documented += weight * one.known * one.by_fact
    return Score(criterion.name, quantised(low), quantised(high), known, documented, graded)


def _with_facts(criterion: Criterion, score: Score, facts: Mapping[str, float | None]) -> Score:
    """Return a score with answers in place of what was not measured at all; the same where there are none."""
    graded = tuple(_answered(one, facts.get(one.indicator.fact)) for one in score.graded)
    answered = any(new is not one for new, one in zip(graded, score.graded, strict=True))
    return _score(criterion, graded) if answered else score


def _answered(one: Graded, answer: float | None) -> Graded:
    measured = one.barred is not None or any(part.reading.state != "missing" for part in one.parts)
    if measured or answer is None:
        return one
    return Graded(one.indicator, one.parts, np.full(1, answer), np.full(1, answer), 1.0, by_fact=True)


def worth_of(reading: Reading, values: Mapping[str, float]) -> float:
    """Return what words are worth: the mean within a block, the worst block's of several."""
    return min(
        sum(values[word] * (credit if values[word] > 0 else 1.0) for word, credit in block) / len(block)
        for block in reading.words
    )


def shares(criterion: Criterion) -> list[float]:
    """Return the weight of each indicator within its criterion; a family without one keeps its weight."""
    families = criterion.families or {"": 1.0}
    inside: dict[str, float] = {}
    for one in criterion.indicators:
        inside[one.family] = inside.get(one.family, 0.0) + one.weight
    total = sum(families.values())
    return [families[one.family] / total * one.weight / inside[one.family] for one in criterion.indicators]


def _next(blocks: NDArray[np.int64], planned: int) -> NDArray[np.int64]:
    """Return for each planned block the place of the first known one from it on; after the last, of the first."""
    return np.asarray(np.searchsorted(blocks, np.arange(planned)) % len(blocks), np.int64)


def _ended(samples: Sequence[float], scale: Scale) -> Floats:
    """Return the samples with a block that failed as worse than any number."""
    worse = float("inf") if scale.worst > scale.best else float("-inf")
    found = np.array(samples, np.float64)
    return np.where(np.isnan(found), worse, found)


def _common(criterion: Criterion, first: Score, second: Score) -> Common:
    """Compare two targets in one criterion, on the parts that both have."""
    share, totals = 0.0, [np.zeros(1), np.zeros(1)]
    beyond = [np.zeros(1), np.zeros(1)]
    for one, other, weight in zip(first.graded, second.graded, shares(criterion), strict=True):
        beyond = [
            total + weight * _beyond(each, its)
            for total, each, its in zip(beyond, (one, other), (other, one), strict=True)
        ]
        if not (one.known and other.known) or one.by_fact != other.by_fact:
            continue
        both = [
            index
            for index, (part, its) in enumerate(zip(one.parts, other.parts, strict=True))
            if (part.comparable or one.barred) and (its.comparable or other.barred)
        ]
        within = 1.0 if one.by_fact else sum(one.parts[index].leaf.weight for index in both)
        if within > 0.0:
            share += weight * within
            totals = [
                total + weight * within * _on(graded, both)
                for total, graded in zip(totals, (one, other), strict=True)
            ]
    more = quantised(beyond[0]), quantised(beyond[1])
    if share == 0.0:
        return Common(share, np.zeros(1), 0.0, 0.0, more)
    ours, theirs = (total / share for total in totals)
    medians = float(np.median(ours)), float(np.median(theirs))
    return Common(share, quantised(ours - theirs), *medians, more)


def _beyond(one: Graded, other: Graded) -> Floats:
    """Return what an indicator is worth on the parts of it that the other has no evidence of; never less than 0.

    An answer from documents counts so only where the other has nothing at all.
    """
    if not one.known or one.barred is not None or other.barred is not None:
        return np.zeros(1)
    if one.by_fact:
        return np.zeros(1) if other.known else one.low
    missing = [
        part
        for part, its in zip(one.parts, other.parts, strict=True)
        if part.comparable and its.reading.state == "missing"
    ]
    return np.maximum(sum((part.leaf.weight * part.low for part in missing), np.zeros(1)), 0.0)


def _on(graded: Graded, both: Sequence[int]) -> Floats:
    """Return what an indicator is worth on some of its parts."""
    if graded.barred is not None or graded.by_fact:
        return graded.low
    parts = [graded.parts[index] for index in both]
    weight = sum(part.leaf.weight for part in parts)
    return np.clip(sum((part.leaf.weight * part.low for part in parts), np.zeros(1)) / weight, 0.0, 1.0)
