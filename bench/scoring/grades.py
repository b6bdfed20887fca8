"""From readings to what each indicator of a target is worth, between two bounds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bench.contract.records import Target
from bench.contract.scenario_manifest import Manifest
from bench.judging.rules import rules_of
from bench.scoring.criteria import Criterion, Indicator, MetricRef, leaves
from bench.scoring.criteria_checks import DECLARED
from bench.scoring.draws import Draws, Floats, ended, rated
from bench.scoring.readings import Reading, Readings
from bench.statistics.intervals import MIN_SAMPLES

__all__ = ["Graded", "Grader", "Part", "Score", "shares", "worth_of"]


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


class Grader:
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
        self.draws = Draws(seed)

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
        share = np.mean(~np.isnan(np.array(reading.samples, np.float64)))
        if reading.too_few:
            ends = rated(ended(reading.samples, indicator.scale), indicator.scale) * share
            return Part(leaf, reading, ends.min(keepdims=True), ends.max(keepdims=True), comparable=False)
        # A tool that fails in a tenth of the blocks is worth a tenth less, however fast the others were.
        drawn = self.draws.of(reading, leaf, target, indicator.scale) * share
        return Part(leaf, reading, drawn, drawn, comparable=leaf.scenario not in self.void)


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
