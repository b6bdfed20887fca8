"""Figures that others have published of a scenario's workloads: shown beside those measured, and never scored."""

from collections.abc import Iterable
from pathlib import Path

from bench.contract.toml import Table, read_toml
from bench.errors import ScenarioError, nearest

__all__ = ["Figure", "read"]

LONGEST_QUOTE = 25
"""Words."""


class Figure(Table, frozen=True, kw_only=True):
    """One published figure.

    beside: the case or the fit of the scenario that it is comparable with. workload: what was run, in our
    words. tool, version, figure, unit: of what, and how much. source: address of the page. date: year, month
    and day as far as they are known. quote: the source's own words, where it has some.
    """

    beside: str
    workload: str
    tool: str
    version: str
    figure: float
    unit: str
    source: str
    date: str
    quote: str = ""


class _File(Table, frozen=True, kw_only=True):
    figures: tuple[Figure, ...]


def read(path: Path, known: Iterable[str]) -> tuple[Figure, ...]:
    """Return the figures of a file; none where there is no file.

    known: names of the scenario's cases and fits. Raises ScenarioError with the file and what is wrong in it.
    """
    if not path.is_file():
        return ()
    figures = read_toml(path, _File, ScenarioError).figures
    names = set(known)
    for number, one in enumerate(figures, 1):
        where = f"{path}: figure {number}, of {one.tool}"
        if one.beside not in names:
            raise ScenarioError(f"{where}: no case or fit '{one.beside}'{nearest(one.beside, names)}")
        if not one.source.startswith("https://"):
            raise ScenarioError(f"{where}: source '{one.source}' is no https address")
        if not all(part.isdigit() for part in one.date.split("-")):
            raise ScenarioError(
                f"{where}: date '{one.date}' is not of the form 2025, 2025-04 or 2025-04-03"
            )
        if len(one.quote.split()) > LONGEST_QUOTE:
            raise ScenarioError(f"{where}: its quote has more than {LONGEST_QUOTE} words; shorten it")
    return figures
