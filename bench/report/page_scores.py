"""The scores as the page holds them: constants as numbers, draws as base64 of 16-bit steps.

``templates/ranking.js`` reads this and computes what :mod:`bench.scoring.ranks` does. ``templates/leading.js`` computes
what :mod:`bench.scoring.leaders` does. ``templates/page.js`` tells it in the sentences of
:mod:`bench.report.sentences`.
"""

import base64
import json
from typing import Any

import numpy as np
from markupsafe import Markup

from bench.contract.safe_text import visible
from bench.report.score_view import Scored, Weighed
from bench.report.sentences import TOLD, turns
from bench.scoring.draws import DRAWS, STEPS, Floats
from bench.scoring.leaders import COMMON_FLOOR
from bench.scoring.requirements import meets
from bench.statistics.intervals import EFFECT_FLOOR

__all__ = ["embedded", "script"]


def script(scored: Scored) -> Markup:
    """Return scores as JSON that may stand in a script element: with no ``<`` and in ASCII alone."""
    text = json.dumps(embedded(scored), separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704 - no markup is left in it


def embedded(scored: Scored) -> dict[str, Any]:
    """Return scores as plain data for JSON.

    ``pool`` holds all different draws; a value is a number or ``{"draws": its place in the pool}``. ``bases``
    holds for ``all`` and ``measured``: ``low`` and ``high`` (targets x criteria, each a value), ``known`` and
    ``documented`` (targets x criteria), ``common`` (a list of first target, second target, criterion, share,
    difference, the median of each one's score there, and what each scores where it alone has evidence),
    ``meets`` (by target: true, false or null), and ``turns`` (the sentence on what would change who leads, under the
    set's own weights; empty where no order is claimed).
    """
    pool = _Pool()
    return {
        "criteria": [
            {"name": visible(one.name), "tier": one.tier, "weight": scored.criteria.weight(one)}
            for one in scored.criteria.criteria
        ],
        "targets": [{"name": visible(one.name)} for one in scored.weighed["all"].scores.targets],
        "draws": DRAWS,
        "steps": STEPS,
        "effectFloor": EFFECT_FLOOR,
        "commonFloor": COMMON_FLOOR,
        "withheld": None if scored.withheld is None else visible(scored.withheld),
        "told": TOLD,
        "bases": {
            basis: _basis(weighed, pool, claimed=scored.withheld is None)
            for basis, weighed in scored.weighed.items()
        },
        "pool": list(pool.places),
    }


class _Pool:
    """Draws as text, each once."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def packed(self, values: Floats) -> float | dict[str, int]:
        """Return a constant as it is, and of draws their place."""
        if len(values) == 1:
            return float(values[0])
        steps = np.round(values * STEPS).astype("<i2")
        text = base64.b64encode(steps.tobytes()).decode("ascii")
        return {"draws": self.places.setdefault(text, len(self.places))}


def _basis(weighed: Weighed, pool: _Pool, *, claimed: bool) -> dict[str, Any]:
    scores = weighed.scores
    return {
        "low": [[pool.packed(one.low) for one in row] for row in scores.by_target],
        "high": [[pool.packed(one.high) for one in row] for row in scores.by_target],
        "known": [[one.known for one in row] for row in scores.by_target],
        "documented": [[one.documented for one in row] for row in scores.by_target],
        "common": [
            [
                *key,
                one.share,
                pool.packed(one.difference),
                one.first,
                one.second,
                *map(pool.packed, one.beyond),
            ]
            for key, one in scores.common.items()
            if one.share > 0 or any(each.any() for each in one.beyond)
        ],
        "meets": [meets(checks) for checks in scores.requirements],
        "turns": visible(turns(weighed)) if claimed else "",
    }
