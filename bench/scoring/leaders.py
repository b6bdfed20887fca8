"""Who leads: nobody is ahead of them, also where what they lack and the other has counts as the worst.

The scorecard's page computes the same in JavaScript (``report/templates/leading.js``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bench.scoring.draws import DRAWS, Floats
from bench.scoring.requirements import meets
from bench.scoring.scores import Scores
from bench.statistics.intervals import EFFECT_FLOOR
from bench.statistics.quantiles import LOW, MIDDLE, middle, rank

__all__ = ["COMMON_FLOOR", "LOW_RANK", "MIDDLE_RANK", "Lead", "Leads", "leading"]

COMMON_FLOOR = 0.1
"""Share of the weight for which two targets must both have evidence before they are compared."""
LOW_RANK, MIDDLE_RANK = rank(LOW, DRAWS), rank(MIDDLE, DRAWS)


@dataclass(frozen=True)
class Lead:
    """How far another target is ahead of one in each criterion, with what only the other has evidence of.

    ahead: shape (criteria, DRAWS). both: share for which both have evidence; ours, theirs: medians of what the
    one and the other score; shape (criteria,).
    """

    ahead: Floats
    both: Floats
    ours: Floats
    theirs: Floats

    def beats(self, weights: Floats) -> bool:
        """Whether the other is ahead beyond the noise and the effect floor, or there is too little to say."""
        if self.both @ weights < COMMON_FLOOR * weights.sum():
            return True
        ahead = weights @ self.ahead
        floor = EFFECT_FLOOR * max(self.ours @ weights, self.theirs @ weights)
        return bool(
            np.count_nonzero(ahead <= 0.0) <= LOW_RANK and np.count_nonzero(ahead <= floor) <= MIDDLE_RANK
        )


class Leads:
    """The leads of each target over each other; each is put together when it is asked for.

    Targets by their index; ``weights`` by criterion, of which only the ratios matter.
    """

    def __init__(self, scores: Scores) -> None:
        self.scores = scores
        # Documents alone make nobody a leader.
        self.measured = np.array([[one.known - one.documented for one in row] for row in scores.by_target])
        self._meets = [index for index, checks in enumerate(scores.requirements) if meets(checks)]
        self._leads: dict[tuple[int, int], Lead] = {}

    def over(self, one: int, other: int) -> Lead:
        """Return how far the other is ahead of the one."""
        if (one, other) not in self._leads:
            self._leads[one, other] = self._lead(one, other)
        return self._leads[one, other]

    def _lead(self, one: int, other: int) -> Lead:
        criteria = len(self.scores.criteria.criteria)
        ahead = np.empty((criteria, DRAWS))
        both, ours, theirs = np.empty(criteria), np.empty(criteria), np.empty(criteria)
        for index in range(criteria):
            known = self.scores.common[min(one, other), max(one, other), index]
            common = known if one < other else known.turned
            beyond = common.beyond[1]
            ahead[index] = beyond - common.share * common.difference
            both[index] = common.share
            ours[index] = common.share * common.first
            theirs[index] = common.share * common.second + middle(beyond)
        return Lead(ahead, both, ours, theirs)

    def eligible(self, weights: Floats) -> list[int]:
        """Return who meets all requirements and was measured for enough of the weight."""
        least = COMMON_FLOOR * weights.sum()
        return [index for index in self._meets if self.measured[index] @ weights >= least]

    def beaten(self, weights: Floats) -> dict[int, int | None]:
        """Return of each that is eligible the first that beats it; None of those that lead."""
        eligible = self.eligible(weights)
        return {one: next(self._beating(one, eligible, weights), None) for one in eligible}

    def _beating(self, one: int, eligible: list[int], weights: Floats) -> Iterator[int]:
        return (other for other in eligible if other != one and self.over(one, other).beats(weights))


def leading(beaten: Mapping[int, int | None]) -> set[int]:
    """Return who is beaten by nobody."""
    return {one for one, beating in beaten.items() if beating is None}
