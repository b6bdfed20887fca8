"""The lines of scenarios: what one more task, mapped task or megabyte costs, fitted for each target."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.contract.scenario import Loaded
from bench.contract.scenario_manifest import LineSpec
from bench.judging.judge import Column, Judge
from bench.statistics.intervals import thinned
from bench.statistics.line_fit import Fit, Point, fit

__all__ = ["MOST_BLOCKS", "Curve", "fits_of"]

MOST_BLOCKS = 50
"""Blocks that a line is laid through; of more, so many in equal steps, since each two points give a slope."""


@dataclass(frozen=True)
class Curve:
    """One line of a scenario's manifest, and the fits of all targets that have one, by name."""

    scenario: str
    id: str
    line: LineSpec
    fits: tuple[Fit, ...]


def fits_of(judge: Judge, loaded: Mapping[str, Loaded]) -> tuple[Curve, ...]:
    """Return the curves of all scenarios; one that no target was measured at two counts of is left out."""
    curves = (
        Curve(scenario, name, line, tuple(_fits(judge, scenario, line)))
        for scenario, one in loaded.items()
        for name, line in one.manifest.fits.items()
    )
    return tuple(curve for curve in curves if curve.fits)


def _fits(judge: Judge, scenario: str, line: LineSpec) -> Iterable[Fit]:
    """Yield the fit of each tool that was measured at two counts or more."""
    points: dict[str, list[Point]] = {}
    for case, x in line.cases.items():
        columns = judge.columns(scenario, case, line.indicator)
        controls = [found for found in columns.values() if _is_control(found)]
        known = dict(pair for found in controls for pair in found.pairs())
        control = {block: known[block] for block in thinned(sorted(known), MOST_BLOCKS)}
        for name, found in columns.items():
            if found.trials[0].target.role == "tool":
                points.setdefault(name, []).extend(
                    Point(case, block, x, value, control[block])
                    for block, value in found.pairs()
                    if block in control
                )
    for name in sorted(points):
        if len({one.x for one in points[name]}) > 1:
            yield fit(name, points[name])


def _is_control(column: Column) -> bool:
    return column.trials[0].target.role == "control"
