"""The scores of a result set under one set of criteria, with all facts and with measurements alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from bench.contract.scenario_manifest import Manifest
from bench.scoring import withheld
from bench.scoring.criteria import Criteria, leaves
from bench.scoring.grades import Graded, Score
from bench.scoring.ranks import Acceptability, Ranking, acceptability, ranking
from bench.scoring.readings import Readings
from bench.scoring.scores import Scores, score, with_documents
from bench.scoring.sensitivity import WeightThreshold, turning

__all__ = ["Basis", "Scored", "Weighed", "scored"]

Basis = Literal["all", "measured"]
"""What counts: measurements and documented facts, or measurements alone."""


@dataclass(frozen=True)
class Weighed:
    """Scores with the order that they give under the weights of the set, and what would change it."""

    scores: Scores
    seed: int = 0

    @cached_property
    def ranking(self) -> Ranking:
        """Return the order under the weights of the set."""
        return ranking(self.scores, self.scores.criteria.weights)

    @cached_property
    def turn(self) -> WeightThreshold | None:
        """Return the smallest change of a weight that changes who leads."""
        return turning(self.scores, self.scores.criteria.weights)

    @cached_property
    def kept_tiers(self) -> Acceptability:
        """Return the shares of places over the weights that keep the tiers."""
        return acceptability(self.scores, keep_tiers=True, seed=self.seed)

    @cached_property
    def all_weights(self) -> Acceptability:
        """Return the shares of places over all weights."""
        return acceptability(self.scores, keep_tiers=False, seed=self.seed)


@dataclass(frozen=True)
class Scored:
    """Both bases.

    withheld: why no order is claimed, if it is not: no time has enough samples of two targets, or an A/A check
    differs from itself. local: criteria in which some tool was measured in
    local modes alone, for which no order of tools, beyond that of targets, is claimed.
    """

    criteria: Criteria
    weighed: Mapping[Basis, Weighed]
    withheld: str | None
    local: tuple[str, ...]

    def graded(self, target: str) -> tuple[Score, ...]:
        """Return the scores of one target, with all that counts, in the order of the criteria."""
        scores = self.weighed["all"].scores
        names = [one.name for one in scores.targets]
        return scores.by_target[names.index(target)]


def scored(
    criteria: Criteria,
    known: Mapping[str, Manifest],
    readings: Readings,
    facts: Mapping[str, Mapping[str, float | None]],
    void: Mapping[str, str] | None = None,
) -> Scored | None:
    """Score the tools of a result set, from all that it says; None where there are none.

    known: manifests of all scenarios. facts: by tool and question, what its documented answer is worth.
    void: scenarios whose numbers may not be compared, each with the reason.
    """
    manifest = readings.manifest
    targets = tuple(one for one in manifest.targets if one.role == "tool")
    if not targets:
        return None
    read = [leaf for one in criteria.criteria for each in one.indicators for leaf in leaves(each, known)]
    void = {name: why for name, why in (void or {}).items() if name in {leaf.scenario for leaf in read}}
    measured = score(criteria, readings, known, targets, void.keys(), seed=manifest.seed)
    weighed: dict[Basis, Weighed] = {
        "all": Weighed(with_documents(measured, facts), manifest.seed),
        "measured": Weighed(measured, manifest.seed),
    }
    return Scored(
        criteria,
        weighed,
        next(iter(void.values()), None) or withheld.for_lack_of_samples(read, readings, targets),
        _local(weighed["all"].scores),
    )


def _local(scores: Scores) -> tuple[str, ...]:
    """Return the criteria that were measured, but of some tool on no cluster."""
    found = []
    for index, criterion in enumerate(scores.criteria.criteria):
        modes: dict[str, set[str]] = {}
        for target, row in zip(scores.targets, scores.by_target, strict=True):
            if any(_measured(graded) for graded in row[index].graded):
                modes.setdefault(target.tool, set()).add(target.mode)
        if any("cluster" not in of_tool for of_tool in modes.values()):
            found.append(criterion.name)
    return tuple(found)


def _measured(graded: Graded) -> bool:
    return graded.known > 0 and not graded.by_fact and graded.barred is None
