"""The smallest change of one weight after which others lead: exact, on the draws that scores are shipped as.

Under a weight that changes, all that decides whether one target beats another is a straight line: of each draw
how far it is ahead, of each median what it is measured by. A quantile of draws is above a line where few enough
of them are not, and each draw crosses a line at one weight. So all weights at which that may change are known,
and are tried from the nearest on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bench.scoring.draws import Floats
from bench.scoring.leaders import COMMON_FLOOR, LOW_RANK, MIDDLE_RANK, Lead, Leads, leading
from bench.scoring.ranks import ranking
from bench.scoring.scores import Scores
from bench.statistics.intervals import EFFECT_FLOOR

__all__ = ["REACHES", "WeightThreshold", "turning"]

REACHES = (0.5, 5.0, 1000.0)
"""How far changes are looked for, as shares of a weight: near ones first, as most that is far cannot change then.
Beyond the last a criterion decides by itself."""
BEYOND = 1e-9
"""How far beyond a weight it is tried whether something changed, as a share of it."""


@dataclass(frozen=True)
class WeightThreshold:
    """The smallest relative change of one criterion's weight after which others lead, and who does then.

    new_weight: just beyond the weight at which that changes.
    """

    criterion: str
    weight: float
    new_weight: float
    leaders: tuple[str, ...]


def turning(scores: Scores, weights: Mapping[str, float]) -> WeightThreshold | None:
    """Return the smallest change of one weight above 0, relative to it, that changes who leads.

    None where no change of a single weight does, up to the last of :data:`REACHES`.
    """
    names = [one.name for one in scores.criteria.criteria]
    given = np.array([weights[name] for name in names], np.float64)
    leads = Leads(scores)
    found = next(filter(None, (_smallest(leads, given, reach) for reach in REACHES)), None)
    if found is None:
        return None
    index, new = found
    after = ranking(scores, dict(zip(names, _with(given, index, new).tolist(), strict=True))).leaders
    return WeightThreshold(names[index], float(given[index]), new, after)


def _smallest(leads: Leads, given: Floats, reach: float) -> tuple[int, float] | None:
    """Return the criterion, by its index, and the weight of the smallest change after which others lead.

    Of several that are equally small, the first: rounding does not decide.
    """
    now = leads.beaten(given)
    least, found = reach, None
    for index in np.flatnonzero(given > 0.0).tolist():
        for new in _nearest(leads, given, index, now, least):
            change = abs(new - given[index]) / given[index]
            if found is None or change < least - 4 * BEYOND * (1.0 + least):
                least, found = change, (index, new)
    return found


def _nearest(
    leads: Leads, given: Floats, index: int, now: Mapping[int, int | None], within: float
) -> Iterator[float]:
    """Yield below and above a weight the nearest at which others lead, at most so far away as a share of it.

    now: who is beaten under the given weights. What changes at the given weight itself does so just beyond it.
    """
    ends = float(given[index] * max(0.0, 1.0 - within)), float(given[index] * (1.0 + within))
    crossings = _Crossings(leads, given, index, ends)
    for up in (False, True):
        crossing: float | None = float(given[index])
        while crossing is not None:
            at = crossing * (1.0 + BEYOND if up else 1.0 - BEYOND)
            beaten = leads.beaten(_with(given, index, at))
            if leading(beaten) != leading(now):
                yield at
                break
            crossing = crossings.next(beaten, at, up=up)


class _Crossings:
    """The weights of one criterion between two ends at which it may change who beats whom, or who is eligible."""

    def __init__(self, leads: Leads, given: Floats, index: int, ends: tuple[float, float]) -> None:
        self.leads = leads
        self.index = index
        self.ends = ends
        self.rest = _with(given, index, 0.0)
        self.eligible = [self._share(measured) for measured in leads.measured]
        self._of: dict[tuple[int, int], list[float]] = {}

    def next(self, beaten: Mapping[int, int | None], at: float, *, up: bool) -> float | None:
        """Return the nearest crossing that may change who leads.

        One that leads may be beaten by any other; one that does not stays beaten as long as one beats it.
        """
        pairs = [
            (one, other)
            for one, beating in beaten.items()
            for other in (beaten if beating is None else (beating,))
            if other != one
        ]
        found = [*self.eligible, *(weight for pair in pairs for weight in self._between(*pair))]
        low, high = self.ends
        if up:
            return min((weight for weight in found if at < weight < high), default=None)
        return max((weight for weight in found if low < weight < at), default=None)

    def _between(self, one: int, other: int) -> list[float]:
        if (one, other) not in self._of:
            self._of[one, other] = self._crossings(self.leads.over(one, other))
        return self._of[one, other]

    def _crossings(self, lead: Lead) -> list[float]:
        start, slope = self.rest @ lead.ahead, lead.ahead[self.index]
        found = [self._share(lead.both), *_crossed(start, slope, LOW_RANK, self.ends)]
        for floor in (lead.ours, lead.theirs):
            above = start - EFFECT_FLOOR * (self.rest @ floor), slope - EFFECT_FLOOR * floor[self.index]
            found += _crossed(*above, MIDDLE_RANK, self.ends)
        return found

    def _share(self, measured: Floats) -> float:
        """Return the weight at which what was measured is just enough of all; not a number where none is."""
        short = COMMON_FLOOR * self.rest.sum() - measured @ self.rest
        slope = measured[self.index] - COMMON_FLOOR
        return float(short / slope) if slope else float("nan")


def _crossed(start: Floats, slope: Floats, spared: int, ends: tuple[float, float]) -> list[float]:
    """Return the weights at which it changes whether all but so many draws are above 0.

    Each draw is ``start + weight * slope``.
    """
    low, high = ((start + end * slope) <= 0.0 for end in ends)
    if np.count_nonzero(low | high) <= spared or np.count_nonzero(low & high) > spared:
        return []
    moving = low != high
    at = -start[moving] / slope[moving]
    order = np.argsort(at)
    below = np.count_nonzero(low) + np.cumsum(np.where(high[moving][order], 1, -1))
    holds = np.concatenate([[np.count_nonzero(low) <= spared], below <= spared])
    crossed: list[float] = at[order][holds[1:] != holds[:-1]].tolist()
    return crossed


def _with(weights: Floats, index: int, weight: float) -> Floats:
    changed = weights.copy()
    changed[index] = weight
    return changed
