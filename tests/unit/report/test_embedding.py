"""The scores in the page: what is read back is what was scored."""

import base64
import json
from typing import Any

import numpy as np
import pytest

from bench.report.page_scores import embedded, script
from bench.report.score_view import Scored, Weighed
from bench.scoring.criteria import Criterion
from bench.scoring.draws import Floats
from bench.scoring.scores import Scores
from tests.unit.readings import criteria, scores, seconds, timed

TIME = "startup/hello/first_body"
REUSED = "startup/hello/first_body_reused"
ASKED = criteria(
    Criterion(name="speed", tier=1, indicators=(seconds(),)),
    Criterion(name="again", tier=2, indicators=(seconds("again", REUSED),)),
)
KNOWN = {
    "quick": {TIME: timed(1, 1.2, 1.1, 0.9, 1.3, 1), REUSED: timed(*[2.0] * 6)},
    "slow": {TIME: timed(9, 9.5, 8, 11, 10, 9)},
}


def scored(found: Scores, withheld: str | None = None) -> Scored:
    """Return both bases, which are equal where there are no documents."""
    weighed = Weighed(found)
    return Scored(ASKED, {"all": weighed, "measured": weighed}, withheld, ())


def read(data: dict[str, Any], packed: float | dict[str, int]) -> Floats:
    """Return a value as ``ranking.js`` reads it."""
    if not isinstance(packed, dict):
        return np.array([packed])
    steps = np.frombuffer(base64.b64decode(data["pool"][packed["draws"]]), "<i2")
    return np.asarray(steps / data["steps"], dtype=np.float64)


@pytest.mark.parametrize("basis", ["all", "measured"])
def test_draws_and_constants_are_read_back_exactly(basis: str) -> None:
    """Bounds and differences, bit for bit: draws were rounded to their steps before."""
    found = scores(ASKED, KNOWN)
    data = embedded(scored(found))
    for target, row in enumerate(found.by_target):
        for criterion, score in enumerate(row):
            for bound, values in (("low", score.low), ("high", score.high)):
                packed = data["bases"][basis][bound][target][criterion]
                assert np.array_equal(read(data, packed), values)
    kept = {key: one for key, one in found.common.items() if one.share or one.beyond[0].any()}
    for packed, (key, common) in zip(data["bases"][basis]["common"], kept.items(), strict=True):
        assert packed[:4] == [*key, common.share]
        assert np.array_equal(read(data, packed[4]), common.difference)
        assert packed[5:7] == [common.first, common.second]
        assert np.array_equal(read(data, packed[7]), common.beyond[0])
        assert np.array_equal(read(data, packed[8]), common.beyond[1])


def test_equal_draws_are_embedded_once() -> None:
    """Those of both bounds, and of both bases, where nothing is missing and nothing documented."""
    data = embedded(scored(scores(ASKED, KNOWN)))
    assert len(data["pool"]) == len(set(data["pool"])) == 3


def test_no_text_ends_the_script_or_turns_round_what_follows() -> None:
    """Whatever a target is called, or an order is withheld for."""
    found = scores(ASKED, {"</script><b>&\u202e": KNOWN["quick"]})
    text = str(script(scored(found, withheld="<!-- \x1b\u2066")))
    assert text.isascii()
    assert not set("<&\x1b") & set(text)
    data = json.loads(text)
    assert data["targets"][0]["name"] == r"</script><b>&\u202e[local]"
    assert data["withheld"] == r"<!-- \u001b\u2066"
