"""What must hold of a set of criteria: a mistake is one line with its place, and with the nearest name."""

from collections.abc import Callable, Iterable, Mapping

from bench.contract.scenario_manifest import Manifest
from bench.errors import UsageError, nearest
from bench.scoring.criteria import UNITS, Criteria, Criterion, Indicator, Requirement, Scale

__all__ = ["DECLARED", "check", "check_words", "unit_of"]

DECLARED = "declared/reuse-promised"
"""The one metric that is read from an adapter's manifest: whether reuse across runs is documented."""
ANSWERS = frozenset(("yes", "no", "paid", "unknown"))
"""What a question of the checklist is answered with."""


def check(
    criteria: Criteria, where: str, scenarios: Mapping[str, Manifest], questions: frozenset[str]
) -> None:
    """Check all but words: that needs only what the scenarios' manifests say.

    where: the file, for the message. Raises UsageError for the first mistake, with its place.
    """
    if not criteria.criteria:
        raise UsageError(f"{where}: has no criterion")
    for criterion in criteria.criteria:
        at = f"{where}: '{criterion.name}'"
        if criterion.weight is None and str(criterion.tier) not in criteria.tiers:
            raise UsageError(f"{at} is in tier {criterion.tier}, which has no weight")
        if not criterion.tier:
            raise UsageError(f"{at} has no tier")
        for indicator in criterion.indicators:
            _check_indicator(indicator, criterion, at, scenarios, questions)
    _check_facts(criteria, where)
    if not any(criteria.weights.values()):
        raise UsageError(f"{where}: all weights are 0")
    for requirement in criteria.requirement:
        _check_requirement(requirement, f"{where}: requirement", scenarios)


def _check_facts(criteria: Criteria, where: str) -> None:
    asked = [one.fact for criterion in criteria.criteria for one in criterion.indicators if one.fact]
    for fact in dict.fromkeys(asked):
        if asked.count(fact) > 1:
            raise UsageError(f"{where}: the question '{fact}' is asked twice, so it would count twice")


def _check_requirement(requirement: Requirement, at: str, scenarios: Mapping[str, Manifest]) -> None:
    unit = _unit_of_case(requirement.metric, at, scenarios)
    at = f"{at}: '{requirement.metric}'"
    limits = [limit for limit in (requirement.at_least, requirement.at_most) if limit is not None]
    if bool(requirement.words) == bool(limits):
        raise UsageError(f"{at} needs either words, or at_least or at_most")
    if bool(requirement.words) == (unit is not None):
        raise UsageError(
            f"{at} is {'a number; give at_least or at_most' if unit else 'a word; give words'}"
        )
    if limits != sorted(limits):
        raise UsageError(
            f"{at} asks for at least {limits[0]:g} and at most {limits[1]:g}, which nothing is"
        )


def _check_indicator(
    indicator: Indicator,
    criterion: Criterion,
    at: str,
    scenarios: Mapping[str, Manifest],
    questions: frozenset[str],
) -> None:
    at = f"{at}/{indicator.id}"
    if not indicator.metrics and not indicator.fact:
        raise UsageError(f"{at} has neither metrics nor a fact")
    if (indicator.family or "") not in (criterion.families or {"": 1.0}):
        raise UsageError(
            f"{at}: there is no family '{indicator.family}'{nearest(indicator.family, criterion.families)}"
        )
    if indicator.fact and questions and indicator.fact not in questions:
        raise UsageError(
            f"{at}: the checklist has no question '{indicator.fact}'{nearest(indicator.fact, questions)}"
        )
    units = {unit_of(metric, at, scenarios) for metric in indicator.metrics}
    if len(units) > 1:
        raise UsageError(f"{at} mixes numbers of several units, or numbers and words; make two of it")
    for unit in units:
        _check_scale(indicator.scale, unit, at)
    if indicator.values and units and None not in units:
        raise UsageError(f"{at} is a number and has values of words; give it a scale alone")
    _check_needs(indicator, at, scenarios)


def _check_needs(indicator: Indicator, at: str, scenarios: Mapping[str, Manifest]) -> None:
    for metric in indicator.needs:
        if metric != DECLARED and _unit_of_case(metric, f"{at}: needs", scenarios) is not None:
            raise UsageError(f"{at}: needs: '{metric}' is a number, and a need is of words")


def _check_scale(scale: Scale | None, unit: str | None, at: str) -> None:
    """Check the scale of a number, which is recorded in ``unit``; None is that of a word."""
    if scale is None or unit is None:
        if scale is not None:
            raise UsageError(f"{at} is a word and has a scale; give values of its words instead")
        if unit is not None:
            raise UsageError(f"{at} is a number and has no scale; give best, worst and unit")
        return
    if scale.unit not in UNITS or UNITS[scale.unit][0] != unit:
        fitting = ", ".join(name for name, (base, _) in UNITS.items() if base == unit)
        raise UsageError(f"{at}: its numbers cannot be told in '{scale.unit}'; give {fitting}")
    if scale.best == scale.worst:
        raise UsageError(f"{at}: best and worst are the same number")
    if scale.logarithmic and min(scale.best, scale.worst) <= 0:
        raise UsageError(f"{at}: a logarithmic scale lies between two numbers above 0")


def _unit_of_case(metric: str, at: str, scenarios: Mapping[str, Manifest]) -> str | None:
    """Return the unit of a metric that must be of one case: None for a word. Raises UsageError."""
    if "/" not in metric and metric in scenarios:
        raise UsageError(f"{at}: '{metric}' is a whole scenario; name one of its cases")
    return unit_of(metric, at, scenarios)


def unit_of(metric: str, at: str, scenarios: Mapping[str, Manifest]) -> str | None:
    """Return the unit of a metric that is a number, None of words.

    at: where the metric stands, for the message. Raises UsageError with the nearest name of what is unknown.
    """
    scenario, *rest = metric.split("/")
    if scenario not in scenarios:
        raise UsageError(f"{at}: unknown metric '{metric}': no scenario{nearest(scenario, scenarios)}")
    manifest = scenarios[scenario]
    if not rest:
        return None
    cases = [*manifest.cases, *manifest.fits]
    if rest[0] not in cases:
        raise UsageError(f"{at}: unknown metric '{metric}': no case of it{nearest(rest[0], cases)}")
    line = manifest.fits.get(rest[0])
    if len(rest) == 1 and line is not None:
        raise UsageError(f"{at}: '{metric}' is a line; add /slope or /intercept")
    if len(rest) == 1:
        return None
    numbers: dict[str, str] = {one.id: one.unit for one in manifest.indicators}
    if line is not None:
        numbers = dict.fromkeys(("slope", "intercept"), line.unit)
    known = [*numbers, *manifest.parts]
    if len(rest) > 2:
        raise UsageError(f"{at}: unknown metric '{metric}': it has at most three parts")
    if rest[1] not in known:
        raise UsageError(
            f"{at}: unknown metric '{metric}': no number or word of it{nearest(rest[1], known)}"
        )
    return numbers.get(rest[1])


def check_words(criteria: Criteria, where: str, words: Callable[[str], frozenset[str]]) -> None:
    """Check the words that a set names: one that is misspelt would never be met.

    words: gives those of a scenario. Raises UsageError.
    """
    for criterion in criteria.criteria:
        for one in criterion.indicators:
            at = f"{where}: '{criterion.name}'/{one.id}"
            for metric in one.metrics:
                _check_known(one.values, metric, f"{at}: values", words)
            for metric, needed in one.needs.items():
                _check_known(needed, metric, f"{at}: needs", words)
    for requirement in criteria.requirement:
        _check_known(
            requirement.words, requirement.metric, f"{where}: requirement: '{requirement.metric}'", words
        )


def _check_known(
    named: Iterable[str], metric: str, at: str, words: Callable[[str], frozenset[str]]
) -> None:
    known = ANSWERS if metric == DECLARED else words(metric.split("/", maxsplit=1)[0])
    for word in named:
        if word not in known:
            raise UsageError(f"{at}: unknown word '{word}' of {metric}{nearest(word, known)}")
