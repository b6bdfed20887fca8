"""From scores to an order of targets, and how sure it is: pure functions over shipped draws.

The scorecard's page computes the same in JavaScript (``report/templates/ranking.js``) from the same draws;
a test compares the two to six digits. Whoever changes a formula here changes it there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bench.scoring.draws import DRAWS, Floats
from bench.scoring.leaders import COMMON_FLOOR, Leads, leading
from bench.scoring.requirements import RequirementCheck, meets
from bench.scoring.scores import Scores
from bench.statistics.intervals import EFFECT_FLOOR
from bench.statistics.quantiles import HIGH, LOW, MIDDLE, quantile

__all__ = [
    "Acceptability",
    "Pair",
    "Ranking",
    "Total",
    "acceptability",
    "ranking",
]

ALIKE = 1e-12
"""Totals under weights that sum to 1 and differ by less are equal: sums differ in their last digits with the order
of adding."""
MET: tuple[bool | None, ...] = (True, None, False)
"""Whether requirements are met, the best first."""
WEIGHTS = 10_000
"""Draws of weights for the rank acceptability."""
Relation = Literal["ahead", "behind", "tie", "too little in common"]
TURNED: dict[Relation, Relation] = {"ahead": "behind", "behind": "ahead"}


@dataclass(frozen=True)
class Total:
    """The weighted total of one target.

    low, high: medians of its bounds. interval: the 2.5 % quantile of the lower and the 97.5 % quantile of
    the upper bound: all that noise and missing evidence leave possible. known: share of the weight for which
    there is evidence; documented: that for which it is a document. place: best and worst possible.
    firsts: probability of each place under noise, with the missing counted as worst.
    checks: its requirements; meets: whether it meets them all, None where that is unknown.
    """

    target: str
    low: float
    high: float
    interval: tuple[float, float]
    known: float
    documented: float
    place: tuple[int, int]
    places: tuple[float, ...]
    checks: tuple[RequirementCheck, ...]

    @property
    def meets(self) -> bool | None:
        """Return whether it meets all requirements; None where that is unknown."""
        return meets(self.checks)


@dataclass(frozen=True)
class Pair:
    """Two targets, compared on what both have.

    difference: median, with its 95 % interval; share: of the weight, for which both have evidence.
    """

    first: str
    second: str
    relation: Relation
    difference: float
    interval: tuple[float, float]
    share: float

    @property
    def turned(self) -> "Pair":
        """Return the same, seen from the second."""
        low, high = self.interval
        relation = TURNED.get(self.relation, self.relation)
        return Pair(self.second, self.first, relation, -self.difference, (-high, -low), self.share)


@dataclass(frozen=True)
class Ranking:
    """All totals, the greatest lower bound first; all pairs; and those that lead.

    Those that meet all requirements come first, then those of which it is unknown, then those that fail one; who was
    not measured at all comes last. A leader meets all, was
    measured for at least :data:`COMMON_FLOOR` of the weight, and no other such one is ahead of it, also where
    what it lacks and the other has counts as the worst: what is missing makes nobody a leader.
    """

    totals: tuple[Total, ...]
    pairs: tuple[Pair, ...]
    leaders: tuple[str, ...]


@dataclass(frozen=True)
class Acceptability:
    """Share of all weights under which each target has each place, with the missing as worst and as best.

    Rank acceptability as in SMAA-2 (Lahdelma and Salminen, Operations Research 49(3), 2001). One that is not
    known to meet all requirements has no place.
    """

    kept_tiers: bool
    low: Mapping[str, tuple[float, ...]]
    high: Mapping[str, tuple[float, ...]]


def ranking(scores: Scores, weights: Mapping[str, float]) -> Ranking:
    """Weigh the criteria. ``weights``: by criterion, not all 0; only their ratios matter."""
    total = sum(weights[one.name] for one in scores.criteria.criteria)
    share = [weights[one.name] / total for one in scores.criteria.criteria]
    low, high = _bounds(scores, share)
    names = [target.name for target in scores.targets]
    pairs = tuple(
        _pair(scores, share, one, other)
        for one in range(len(names))
        for other in range(one + 1, len(names))
    )
    met = [meets(checks) for checks in scores.requirements]
    standing = _standing(scores, met)
    places = _places(low, standing)
    totals = [
        Total(
            target=name,
            low=quantile(low[index], MIDDLE),
            high=quantile(high[index], MIDDLE),
            interval=(quantile(low[index], LOW), quantile(high[index], HIGH)),
            known=_share(share, [score.known for score in scores.by_target[index]]),
            documented=_share(share, [score.documented for score in scores.by_target[index]]),
            place=_place(index, low, high, met),
            places=places[index],
            checks=scores.requirements[index],
        )
        for index, name in enumerate(names)
    ]
    level = dict(zip(names, standing, strict=True))
    totals.sort(key=lambda one: (level[one.target], -one.low, -one.high, one.target))
    leaders = {names[index] for index in leading(Leads(scores).beaten(np.array(share)))}
    return Ranking(tuple(totals), pairs, tuple(one.target for one in totals if one.target in leaders))


def acceptability(scores: Scores, *, keep_tiers: bool, seed: int = 0) -> Acceptability:
    """Return how often each target has each place over random weights, each with a random draw of the noise.

    Weights are uniform over all that sum to 1 (Dirichlet with ones); keeping the tiers, over those in which
    no criterion outweighs one of a tier before its own: the sorted weights are handed out tier by tier.
    Criteria of weight 0 stay out, and so does a target that is not known to meet all requirements. Who is equal
    shares the places that they have together.
    """
    asked = [index for index, one in enumerate(scores.criteria.criteria) if scores.criteria.weight(one) > 0]
    tiers = tuple(scores.criteria.criteria[index].tier for index in asked)
    weights, drawn = _random_weights(tiers, keep=keep_tiers, seed=seed)
    kept = [index for index, checks in enumerate(scores.requirements) if meets(checks)]
    found = []
    for bound in ("low", "high"):
        totals = np.zeros((WEIGHTS, len(kept)))
        for column, target in enumerate(kept):
            for place, index in enumerate(asked):
                values: Floats = getattr(scores.by_target[target][index], bound)
                totals[:, column] += weights[:, place] * (values[0] if len(values) == 1 else values[drawn])
        shares = dict(zip(kept, _shared_places(totals, len(scores.targets)), strict=True))
        nowhere = (0.0,) * len(scores.targets)
        found.append({one.name: shares.get(index, nowhere) for index, one in enumerate(scores.targets)})
    return Acceptability(keep_tiers, *found)


@cache
def _random_weights(tiers: tuple[int, ...], *, keep: bool, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return weights, shape (WEIGHTS, criteria), and the draw of the noise that goes with each."""
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.ones(len(tiers)), WEIGHTS)
    if keep:
        weights = -np.sort(-weights, axis=1)
        mixed = random.random(weights.shape)
        order = np.lexsort((mixed, np.broadcast_to(tiers, weights.shape)), axis=1)
        given = np.empty_like(weights)
        np.put_along_axis(given, order, weights, axis=1)
        weights = given
    return weights, random.integers(DRAWS, size=WEIGHTS)


def _shared_places(totals: Floats, places: int) -> list[tuple[float, ...]]:
    """Return per target the share of draws in which it has each place. ``totals``: shape (draws, targets)."""
    shares = []
    for own in totals.T:
        better = (totals > own[:, None] + ALIKE).sum(axis=1)
        equal = (np.abs(totals - own[:, None]) <= ALIKE).sum(axis=1)
        # A part of each place from its first to its last.
        begun = np.bincount(better, 1 / equal, minlength=places + 1)
        ended = np.bincount(better + equal, 1 / equal, minlength=places + 1)
        shares.append(tuple((np.cumsum(begun - ended)[:places] / len(own)).tolist()))
    return shares


def _bounds(scores: Scores, share: Sequence[float]) -> tuple[Floats, Floats]:
    """Return both bounds of all totals, shape (targets, DRAWS)."""
    low = np.zeros((len(scores.targets), DRAWS))
    high = np.zeros((len(scores.targets), DRAWS))
    for target, row in enumerate(scores.by_target):
        for weight, one in zip(share, row, strict=True):
            low[target] += weight * one.low
            high[target] += weight * one.high
    return low, high


def _pair(scores: Scores, share: Sequence[float], one: int, other: int) -> Pair:
    """Compare two targets on what both have; below the effect floor, or within the noise, it is a tie."""
    first, second = scores.targets[one].name, scores.targets[other].name
    difference, both, ours, theirs = np.zeros(DRAWS), 0.0, 0.0, 0.0
    for index, weight in enumerate(share):
        common = scores.common[one, other, index]
        difference += weight * common.share * common.difference
        both += weight * common.share
        ours += weight * common.share * common.first
        theirs += weight * common.share * common.second
    if both < COMMON_FLOOR:
        return Pair(first, second, "too little in common", 0.0, (0.0, 0.0), both)
    difference /= both
    least, middle, most = (quantile(difference, at) for at in (LOW, MIDDLE, HIGH))
    floor = EFFECT_FLOOR * max(ours, theirs) / both
    relation: Relation = "tie"
    if abs(middle) > floor and least > 0:
        relation = "ahead"
    elif abs(middle) > floor and most < 0:
        relation = "behind"
    return Pair(first, second, relation, middle, (least, most), both)


def _place(index: int, low: Floats, high: Floats, met: Sequence[bool | None]) -> tuple[int, int]:
    """Return the best and worst place that noise, missing evidence and open requirements leave possible."""

    def before(one: int, other: int) -> bool:
        if met[one] and met[other] is False:
            return True
        # Who may yet fail is surely before nobody who may yet meet all.
        return (met[one] is True or met[other] is False) and _surely(low[one], high[other])

    others = [other for other in range(len(low)) if other != index]
    ahead = sum(before(other, index) for other in others)
    return 1 + ahead, len(low) - sum(before(index, other) for other in others)


def _surely(low: Floats, high: Floats) -> bool:
    """Whether a lower bound is above another's upper one, beyond the noise and the effect floor."""
    return quantile((1.0 - EFFECT_FLOOR) * low - high, LOW) > 0


def _standing(scores: Scores, met: Sequence[bool | None]) -> list[int]:
    """Return the level of each target: who meets all requirements, who may, who fails one, who was not measured."""
    measured = [any(one.known > one.documented for one in row) for row in scores.by_target]
    return [MET.index(one) if seen else len(MET) for one, seen in zip(met, measured, strict=True)]


def _places(low: Floats, standing: Sequence[int]) -> list[tuple[float, ...]]:
    """Return per target the share of draws in which it has each place; who is equal shares the best one.

    As in the order of the totals, who has a lower level of standing comes first.
    """
    targets = len(low)
    rank = np.array(standing)
    level = rank[None, :, None] == rank[:, None, None]
    better = (rank[None, :, None] < rank[:, None, None]) | (level & (low[None, :, :] > low[:, None, :]))
    count = better.sum(axis=1)
    return [
        tuple(float((count[index] == place).mean()) for place in range(targets)) for index in range(targets)
    ]


def _share(share: Sequence[float], known: Sequence[float]) -> float:
    return float(sum(weight * each for weight, each in zip(share, known, strict=True)))
