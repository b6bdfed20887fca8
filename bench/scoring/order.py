"""In which order the targets stand by one number, and whether the A/A check leaves any order standing."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from bench.contract.scenario import Loaded
from bench.contract.scenario_manifest import Indicator
from bench.judging.judge import Column, Judge
from bench.statistics.intervals import MIN_SAMPLES, Summary, compared, paired_ratio

__all__ = ["aa_check_differs", "places", "ratio"]


def places(
    indicator: Indicator, samples: Mapping[str, Column], *, timed: bool
) -> dict[str, tuple[int, int]]:
    """Return for each target its best and worst possible place.

    The best is one more than the targets that are surely better, the worst leaves only those behind
    that are surely worse. What is not timed does not vary, so one sample of it is enough; of what is, a
    target with too few has no place and takes none from another.
    """
    sign = 1 if indicator.direction == "lower" else -1
    known = [name for name, found in samples.items() if not timed or len(found.values) >= MIN_SAMPLES]
    better, worse = dict.fromkeys(known, 0), dict.fromkeys(known, 0)
    for one, other in combinations(known, 2):
        order = sign * _order(samples[one], samples[other], timed=timed)
        if order:
            first, second = (other, one) if order > 0 else (one, other)
            worse[first] += 1
            better[second] += 1
    return {name: (1 + better[name], len(known) - worse[name]) for name in known}


def _order(one: Column, other: Column, *, timed: bool) -> int:
    """Return 1 where ``one`` is surely greater than ``other``, -1 where surely less, else 0."""
    if not timed:
        return (one.values[0] > other.values[0]) - (one.values[0] < other.values[0])
    first, second = _paired(one, other)
    return (compared(first, second) or 0) if first else 0


def _paired(one: Column, other: Column) -> tuple[Sequence[float], Sequence[float]]:
    """Return the values of the blocks that both have."""
    if one.blocks == other.blocks:
        return one.values, other.values
    _, first, second = np.intersect1d(one.blocks, other.blocks, return_indices=True)
    return np.take(one.values, first).tolist(), np.take(other.values, second).tolist()


def ratio(samples: Column, control: Column) -> Summary | None:
    """Return the ratio to the control, paired within blocks; None where one is not above 0."""
    first, second = _paired(samples, control)
    if not first or min(first) <= 0 or min(second) <= 0:
        return None
    return paired_ratio(first, second)


def aa_check_differs(judge: Judge, loaded: Loaded, roles: Mapping[str, str]) -> str | None:
    """Return why the scenario's orders are void: one tool under two names did not read the same.

    Judged on the blocks of each case that has enough of them, and on those of all cases together: where a profile
    measures many cases a few times each, none has enough for an interval, and were the two the same, the ratio of
    each pair would be as often above 1 as below.
    """
    primary = next((one.id for one in loaded.manifest.indicators if one.primary), None)
    if primary is None:
        return None
    pairs: dict[str, tuple[Sequence[float], Sequence[float]]] = {}
    for case in loaded.manifest.cases:
        columns = judge.columns(loaded.manifest.name, case, primary)
        aa_checks = [found for name, found in columns.items() if roles.get(name) == "aa check"]
        if len(aa_checks) == 2:
            pairs[case] = _paired(*aa_checks)
    together = [[value for found in pairs.values() for value in found[one]] for one in (0, 1)]
    for cases, (first, second) in (*pairs.items(), (", ".join(pairs), together)):
        if first and compared(first, second):
            positive = min(*first, *second) > 0
            by = f" by {abs(paired_ratio(first, second).median - 1):.0%}" if positive else ""
            return f"the A/A check differs from itself{by} on {primary} of {cases}"
    return None
