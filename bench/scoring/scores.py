"""From readings to scores: per target and criterion two bounds, in joint draws.

A score lies between 0 and 1. What is missing is counted as the worst for the lower bound and as the best for
the upper one, so that it never helps.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from bench.contract.records import Target
from bench.contract.scenario_manifest import Manifest
from bench.scoring.common_ground import Common, common
from bench.scoring.criteria import Criteria, Criterion
from bench.scoring.draws import quantised
from bench.scoring.grades import Graded, Grader, Score, shares
from bench.scoring.readings import Readings
from bench.scoring.requirements import RequirementCheck, checked

__all__ = ["Scores", "score", "with_documents"]


@dataclass(frozen=True)
class Scores:
    """Scores of all targets under one set of criteria, before the criteria are weighed.

    by_target: in the order of the criteria. common: by the indexes of two targets, first less than second,
    and of a criterion. requirements: by target, each one checked.
    """

    criteria: Criteria
    targets: tuple[Target, ...]
    by_target: tuple[tuple[Score, ...], ...]
    common: Mapping[tuple[int, int, int], Common]
    requirements: tuple[tuple[RequirementCheck, ...], ...]


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
    grader = Grader(readings, manifests, frozenset(void), seed)
    by_target = tuple(
        tuple(
            _score(criterion, tuple(grader.grade(indicator, target) for indicator in criterion.indicators))
            for criterion in criteria.criteria
        )
        for target in targets
    )
    pairs = {
        (one, other, index): common(criterion, by_target[one][index], by_target[other][index])
        for one, other in combinations(range(len(targets)), 2)
        for index, criterion in enumerate(criteria.criteria)
    }
    requirements = tuple(checked(readings, target, criteria.requirement) for target in targets)
    return Scores(criteria, tuple(targets), by_target, pairs, requirements)


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
    pairs = dict(measured.common)
    for one, other, index in pairs:
        first, second = by_target[one][index], by_target[other][index]
        if first is not measured.by_target[one][index] or second is not measured.by_target[other][index]:
            pairs[one, other, index] = common(criteria[index], first, second)
    return replace(measured, by_target=by_target, common=pairs)


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
