"""Readings made by hand, for tests of what is computed from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.contract import scenario as scenarios
from bench.contract.records import FORMAT, ResultSet, Target
from bench.judging.judge import Judge
from bench.scenarios import Manifest
from bench.scoring.criteria import Criteria, Criterion, Indicator, MetricRef, Scale
from bench.scoring.readings import Reading, Readings
from bench.scoring.scores import Scores, score, with_documents
from tests.unit.facts import target

__all__ = [
    "AGAIN", "BOTH", "MANIFESTS", "REUSED", "SPEED", "TIME", "Known", "criteria", "said", "scores", "seconds", "steady",
    "targets", "timed", "tool",
]  # fmt: skip

MANIFESTS: dict[str, Manifest] = scenarios.manifests()
LOADED = {
    name: scenarios.load(scenarios.find(name)) for name in ("startup", "caching", "recovery", "metadata")
}
SECONDS = Scale(best=0.1, worst=100.0, unit="s", logarithmic=True)


@dataclass
class Known(Readings):
    """Readings by tool and metric; what is not among them is missing."""

    known: Mapping[str, Mapping[str, Reading]] = field(default_factory=dict)

    def of(self, target: Target, leaf: MetricRef) -> Reading:
        """Return what was put in."""
        return self.known.get(target.tool, {}).get(leaf.metric, Reading("missing", "not put in"))

    def promised(self, target: Target) -> bool | None:
        """Every tool promises reuse, but one of this name."""
        return target.tool != "unpromised"


def timed(*samples: float) -> Reading:
    """Return a number that varies."""
    return Reading("measured", samples=samples, timed=True)


def said(*words: str) -> Reading:
    """Return a word for each block."""
    return Reading("measured", words=tuple(((word, 1.0),) for word in words))


def seconds(
    name: str = "first-body", metric: str = "startup/hello/first_body", **changes: Any
) -> Indicator:
    """Return an indicator of a time between 0.1 and 100 s."""
    return Indicator(id=name, metrics=(metric,), why="a test", **{"scale": SECONDS, **changes})


def criteria(*found: Criterion, **changes: Any) -> Criteria:
    """Return a set in three tiers."""
    return Criteria(name="test", tiers={"1": 3.0, "2": 2.0, "3": 1.0}, criteria=found, **changes)


TIME = "startup/hello/first_body"
REUSED = "startup/hello/first_body_reused"
SPEED = Criterion(name="speed", tier=1, indicators=(seconds(),))
AGAIN = Criterion(name="again", tier=2, indicators=(seconds("again", REUSED),))
BOTH = criteria(SPEED, AGAIN)


def steady(value: float) -> Reading:
    """Return a time that does not vary."""
    return timed(*[value] * 6)


def tool(first: float, again: float) -> dict[str, Reading]:
    """Return a tool with two steady times."""
    return {TIME: steady(first), REUSED: steady(again)}


def targets(names: Iterable[str]) -> tuple[Target, ...]:
    """Return a target for each tool."""
    return tuple(target(name) for name in names)


def scores(
    asked: Criteria,
    known: Mapping[str, Mapping[str, Reading]],
    facts: Mapping[str, Mapping[str, float | None]] | None = None,
    void: Iterable[str] = (),
) -> Scores:
    """Score what is known of each tool. ``void``: scenarios whose numbers are not compared."""
    manifest = ResultSet(
        format=FORMAT,
        harness="0",
        harness_hash="0",
        created="now",
        argv=(),
        profile="standard",
        scenarios=(),
        targets=targets(known),
        machine={},
        adapters={},
    )
    readings = Known(manifest, LOADED, Judge((), {}, {}), known=known)
    measured = score(asked, readings, MANIFESTS, targets(known), tuple(void))
    return with_documents(measured, facts or {})
