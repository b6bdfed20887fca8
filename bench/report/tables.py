"""The tables of numbers: for each indicator and case the targets in their order, and how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.contract.scenario import Loaded
from bench.contract.scenario_manifest import Indicator
from bench.judging.judge import Column, Judge
from bench.judging.verdicts import Sample
from bench.scoring import order
from bench.statistics.intervals import Summary, summarise

__all__ = ["LISTED", "Row", "Table", "slug", "tables_of"]

LISTED = 20
"""Blocks of a target and case that a page lists one by one; no profile has more."""


@dataclass(frozen=True)
class Row:
    """One target in one table.

    place: its best and worst possible place, equal where it is sure; None where there are too few samples,
    the order is void, or it is not ranked. ranked: not in what is attribution, and never the A/A check. ratio: to
    the control, paired within blocks. samples: those of the first :data:`LISTED` blocks; the summary is of all.
    of_runs: whether they come from runs, and not from looking at a project alone.
    """

    target: str
    role: str
    summary: Summary
    samples: tuple[Sample, ...]
    of_runs: bool
    place: tuple[int, int] | None
    ranked: bool
    ratio: Summary | None

    def anchor(self, sample: Sample) -> str:
        """Return the place on the page of what a sample was seen in: a run, or a trial without any."""
        run = f"-{sample.attempt}-{sample.run}" if self.of_runs else ""
        return f"c-{sample.trial.key}{run}"


@dataclass(frozen=True)
class Table:
    """One indicator of one case, best target first. ``void``: why its order may not be believed."""

    id: str
    scenario: str
    case: str
    what: str
    indicator: Indicator
    rows: tuple[Row, ...]
    void: str | None


def slug(*parts: str) -> str:
    """Return an anchor made of the parts."""
    return "-".join("".join(c if c.isalnum() else "-" for c in part).strip("-") for part in parts)


def tables_of(loaded: Loaded, judge: Judge, roles: Mapping[str, str]) -> tuple[Table, ...]:
    """Return a table for each number and case of a scenario."""
    tables = []
    manifest = loaded.manifest
    void = order.aa_check_differs(judge, loaded, roles)
    for indicator in manifest.indicators:
        for case, about in manifest.cases.items():
            columns = judge.columns(manifest.name, case, indicator.id)
            if columns:
                timed = manifest.varies(indicator)
                rows = _rows(indicator, columns, judge, roles, timed=timed, void=void is not None)
                anchor = slug("t", manifest.name, case, indicator.id)
                tables.append(Table(anchor, manifest.name, case, about.what, indicator, rows, void))
    return tuple(tables)


def _rows(
    indicator: Indicator,
    columns: Mapping[str, Column],
    judge: Judge,
    roles: Mapping[str, str],
    *,
    timed: bool,
    void: bool,
) -> tuple[Row, ...]:
    """Order the targets, and say how sure that is; where the order is void, nobody has a place."""
    # The A/A check is no candidate, and takes no place from one.
    candidates = {name: found for name, found in columns.items() if roles.get(name) != "aa check"}
    places = order.places(indicator, candidates, timed=timed) if indicator.ranked and not void else {}
    last = (len(columns) + 1, len(columns) + 1)
    sign = 1 if indicator.direction == "lower" else -1
    summaries = {name: summarise(found.values) for name, found in columns.items()}
    control = next((name for name in columns if roles.get(name) == "control"), None)
    ordered = sorted(
        columns, key=lambda name: (places.get(name, last), sign * summaries[name].median, name)
    )
    return tuple(
        Row(
            target=name,
            role=roles.get(name, "tool"),
            summary=summaries[name],
            samples=judge.listed(columns[name], LISTED),
            of_runs=bool(judge.attempts(columns[name].trials[0])[0].runs),
            place=places.get(name),
            ranked=indicator.ranked and name in candidates,
            ratio=order.ratio(columns[name], columns[control]) if control and name != control else None,
        )
        for name in ordered
    )
