"""The published claims beside what a result set found: for each, a row of words, numbers or answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.contract.records import Target
from bench.contract.scenario_manifest import Manifest
from bench.report.reading_text import said
from bench.scoring.checklist import Answer, Question
from bench.scoring.claims import Claim
from bench.scoring.criteria import MetricRef
from bench.scoring.criteria_checks import unit_of
from bench.scoring.readings import Readings, leaf_of

__all__ = ["NO_FINDING", "Claimed", "Spoken", "claimed"]

NOTHING = "not measured here"
UNANSWERED = "no answer"
NO_FINDING = (NOTHING, UNANSWERED)


@dataclass(frozen=True)
class Spoken:
    """One metric or question, and what was found: by target, in their order.

    trials: per target, the key of a trial that shows it; empty where there is none.
    """

    what: str
    documented: bool
    found: tuple[str, ...]
    trials: tuple[str, ...]


@dataclass(frozen=True)
class Claimed:
    """A claim, and all that speaks to it."""

    claim: Claim
    spoken: tuple[Spoken, ...]


def claimed(
    claims: Sequence[Claim],
    readings: Readings,
    known: Mapping[str, Manifest],
    targets: Sequence[Target],
    questions: Mapping[str, Question],
    answers: Mapping[str, Mapping[str, Answer]],
) -> tuple[Claimed, ...]:
    """Return all claims with what was found of some targets. ``known``: the manifests of all scenarios."""

    def spoken(claim: Claim) -> Iterator[Spoken]:
        for metric in claim.metrics:
            yield _measured(metric, readings, known, targets)
        for fact in claim.facts:
            if fact in questions:
                told = tuple(answers.get(one.tool, {}).get(fact) for one in targets)
                words = tuple(UNANSWERED if one is None else one.answer for one in told)
                yield Spoken(questions[fact].question, True, words, ("",) * len(targets))

    return tuple(Claimed(claim, tuple(spoken(claim))) for claim in claims)


def _measured(
    metric: str, readings: Readings, known: Mapping[str, Manifest], targets: Sequence[Target]
) -> Spoken:
    leaf = leaf_of(metric)
    unit = unit_of(metric, "a claim", known)
    found = [readings.of(target, leaf) for target in targets]
    return Spoken(
        what=_title(leaf, known[leaf.scenario]),
        documented=False,
        found=tuple(said([one], unit) or NOTHING for one in found),
        trials=tuple(one.trials[0] if one.trials else "" for one in found),
    )


def _title(leaf: MetricRef, manifest: Manifest) -> str:
    """Return a metric in words: what the case is, and which word or number of it."""
    line = manifest.fits.get(leaf.case)
    if line is not None:
        return f"{line.title}, {leaf.part}"
    titles = {one.id: one.title for one in manifest.indicators}
    part = titles.get(leaf.part, leaf.part)
    return f"{leaf.scenario}: {manifest.cases[leaf.case].what}{f' ({part})' if part else ''}"
