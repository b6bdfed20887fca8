"""The scores as the page holds them: constants as numbers, draws as base64 of 16-bit steps.

``templates/ranking.js`` reads this, and computes what :mod:`bench.ranking` does.
"""

import base64
from typing import Any

import numpy as np

from bench.ranking import COMMON_FLOOR
from bench.report.scored import Scored, Weighed
from bench.scoring import DRAWS, STEPS, Floats
from bench.statistics import EFFECT_FLOOR

__all__ = ["embedded"]


def embedded(scored: Scored) -> dict[str, Any]:
    """Return scores as plain data for JSON.

    ``bases`` holds for ``all`` and ``measured``: ``low`` and ``high`` (targets x criteria, each a number or
    draws), ``known`` and ``documented`` (targets x criteria), ``common`` (a list of first target, second
    target, criterion, share, difference) and ``meets`` (by target: true, false or null).
    """
    return {
        "criteria": [
            {"name": one.name, "tier": one.tier, "weight": scored.criteria.weight(one)}
            for one in scored.criteria.criteria
        ],
        "targets": [
            {"name": one.name, "label": one.label, "mode": one.mode}
            for one in scored.weighed["all"].scores.targets
        ],
        "draws": DRAWS,
        "steps": STEPS,
        "effectFloor": EFFECT_FLOOR,
        "commonFloor": COMMON_FLOOR,
        "withheld": scored.withheld,
        "bases": {basis: _basis(weighed) for basis, weighed in scored.weighed.items()},
    }


def _basis(weighed: Weighed) -> dict[str, Any]:
    scores = weighed.scores
    return {
        "low": [[_packed(one.low) for one in row] for row in scores.by_target],
        "high": [[_packed(one.high) for one in row] for row in scores.by_target],
        "known": [[one.known for one in row] for row in scores.by_target],
        "documented": [[one.documented for one in row] for row in scores.by_target],
        "common": [
            [*key, one.share, _packed(one.difference)]
            for key, one in scores.common.items()
            if one.share > 0
        ],
        "meets": [False if False in musts else None if None in musts else True for musts in scores.musts],
    }


def _packed(values: Floats) -> float | str:
    """Return a constant as it is, draws as base64 of little-endian signed 16-bit steps."""
    if len(values) == 1:
        return float(values[0])
    steps = np.round(values * STEPS).astype("<i2")
    return base64.b64encode(steps.tobytes()).decode("ascii")
