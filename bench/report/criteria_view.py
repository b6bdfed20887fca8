"""What each criterion is made of: its indicators, and what was found of each target."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bench.report.numbers import weight
from bench.report.page_data import View
from bench.report.reading_text import said
from bench.report.tables import slug
from bench.scoring.checklist import Answer, Question
from bench.scoring.criteria import Criterion, Indicator, Scale
from bench.scoring.grades import Graded, shares
from bench.statistics.quantiles import middle

__all__ = ["Asked", "Found", "Unasked", "asked", "unasked"]

Kind = Literal["measured", "documented", "missing"]
REASONS = 2
"""Reasons for what is missing that are told; they are mostly the same."""


@dataclass(frozen=True)
class Found:
    """What is known of one target. low, high: bounds of the score. link: an anchor of the page, or empty.

    why: what is missing; barred: by what the score is 0 whatever was measured. Empty where nothing is.
    """

    kind: Kind
    text: str
    low: float
    high: float
    why: str
    link: str
    barred: str = ""


@dataclass(frozen=True)
class Asked:
    """One indicator. share: of its criterion's weight. scale: in words. found: in the order of the targets."""

    indicator: Indicator
    question: Question | None
    share: float
    scale: str
    found: tuple[Found, ...]

    @property
    def bare(self) -> bool:
        """Whether there is no evidence of any target."""
        return all(one.kind == "missing" for one in self.found)

    @property
    def lacking(self) -> dict[str, tuple[int, ...]]:
        """Return what is missing, each with the places of the targets that lack it."""
        reasons = dict.fromkeys(one.why for one in self.found if one.why)
        return {
            why: tuple(place for place, one in enumerate(self.found) if one.why == why) for why in reasons
        }


@dataclass(frozen=True)
class Unasked:
    """A family of a criterion that has no indicator yet: its share of the weight is missing for all."""

    family: str
    share: float


def asked(view: View, number: int) -> tuple[Asked, ...]:
    """Return the indicators of a criterion, by its number in the set; none where nothing is scored."""
    if view.scored is None:
        return ()
    scores = view.scored.weighed["all"].scores
    criterion = scores.criteria.criteria[number]
    by_target = [row[number].graded for row in scores.by_target]
    tools = [target.tool for target in scores.targets]
    return tuple(
        Asked(
            indicator=indicator,
            question=view.documents.questions.get(indicator.fact),
            share=share,
            scale=_scale(indicator),
            found=tuple(
                _found(view, number, tool, graded[place])
                for tool, graded in zip(tools, by_target, strict=True)
            ),
        )
        for place, (indicator, share) in enumerate(
            zip(criterion.indicators, shares(criterion), strict=True)
        )
    )


def unasked(criterion: Criterion) -> tuple[Unasked, ...]:
    """Return the families of a criterion that nothing measures yet."""
    total = sum(criterion.families.values())
    has = {one.family for one in criterion.indicators}
    return tuple(
        Unasked(family, given / total) for family, given in criterion.families.items() if family not in has
    )


def _scale(indicator: Indicator) -> str:
    if indicator.scale is not None:
        return _points(indicator.scale)
    if not indicator.metrics:
        return "the good answer is worth 1, a paid one 0.5, the other 0"
    given = [f"'{word}' counts {weight(value)}" for word, value in indicator.values.items()]
    return "; ".join(["by the value of its words", *given])


def _points(scale: Scale) -> str:
    unit = "" if scale.unit == "count" else f" {scale.unit}"
    how = ", by the logarithm between" if scale.logarithmic else ", in proportion between"
    return f"1 at {scale.best:g}{unit}, 0 at {scale.worst:g}{unit}{how}"


def _found(view: View, number: int, tool: str, graded: Graded) -> Found:
    low, high = middle(graded.low), middle(graded.high)
    if graded.by_fact:
        name = graded.indicator.fact
        answer = view.documents.answers[tool][name]
        return Found("documented", answer.answer, low, high, "", slug("q", str(number), tool, name))
    missing = dict.fromkeys(part.reading.why for part in graded.parts if part.reading.state == "missing")
    why = "; ".join(list(missing)[:REASONS])
    if graded.known == 0.0:
        return Found("missing", "no evidence", low, high, why or _unanswered(view, tool, graded), "")
    unit = None if graded.indicator.scale is None else graded.indicator.scale.base
    text = said([part.reading for part in graded.parts], unit)
    return Found("measured", text, low, high, why, next(_links(view, graded), ""), graded.barred or "")


def _unanswered(view: View, tool: str, graded: Graded) -> str:
    answer: Answer | None = view.documents.answers.get(tool, {}).get(graded.indicator.fact)
    if answer is not None and answer.looked:
        return f"unknown; looked for in: {answer.looked}"
    return "no answer" if graded.indicator.fact else "not attempted"


def _links(view: View, graded: Graded) -> Iterator[str]:
    """Yield where the page shows what a score was made from, the best place first."""
    known = [part for part in graded.parts if part.reading.state != "missing"]
    if graded.indicator.scale is not None:
        tables = {table.id for section in view.sections for table in section.tables}
        anchors = (slug("t", part.leaf.scenario, part.leaf.case, part.leaf.part) for part in known)
        yield from (anchor for anchor in anchors if anchor in tables)
        curves = {(curve.scenario, curve.id) for curve in view.curves}
        leaves = ((part.leaf.scenario, part.leaf.case) for part in known)
        yield from (slug("v", *leaf) for leaf in leaves if leaf in curves)
    matrices = {matrix.scenario for matrix in view.matrices}
    if len(known) > 1 and known[0].leaf.scenario in matrices:
        yield f"m-{known[0].leaf.scenario}"
    yield from (f"c-{part.reading.trials[0]}" for part in known if part.reading.trials)
