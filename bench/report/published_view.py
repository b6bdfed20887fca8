"""Published figures beside those measured here: the same workload on other machines, by others."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from bench.contract.published_figures import Figure
from bench.report.page_data import Shown, View

__all__ = ["Beside", "beside"]


@dataclass(frozen=True)
class Beside:
    """The figures of one case or fit, and what was measured here by target: median seconds, or the slope."""

    scenario: str
    name: str
    figures: tuple[Figure, ...]
    ours: Mapping[str, float]


def beside(view: View) -> tuple[Beside, ...]:
    """Return the published figures of what a result set has measured."""
    found = []
    for scenario, published in view.published.items():
        figures: dict[str, list[Figure]] = {}
        for one in published:
            figures.setdefault(one.beside, []).append(one)
        for name, group in figures.items():
            ours = _ours(view, scenario, name)
            if ours:
                found.append(Beside(scenario, name, tuple(group), ours))
    return tuple(found)


def _ours(view: View, scenario: str, name: str) -> dict[str, float]:
    for curve in view.curves:
        if (curve.scenario, curve.id) == (scenario, name):
            return {fit.target: max(fit.slope, 0.0) for fit in curve.fits if fit.sure and fit.is_cost}
    for case in view.cases:
        if (case.scenario, case.case) == (scenario, name):
            return _whole_runs(case)
    return {}


def _whole_runs(case: Shown) -> dict[str, float]:
    """Return the median seconds of the first run of the trials that were measured, by target."""
    seconds = {
        target: [
            took
            for answer in answers
            if answer.verdict.outcome == "measured"
            and (took := answer.attempts[0].runs[0].seconds("exit")) is not None
        ]
        for target, answers in case.answers.items()
    }
    return {target: median(found) for target, found in seconds.items() if found}
