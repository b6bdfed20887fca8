"""What is told of each target at first, in a few columns that ``scenarios/headlines.toml`` names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bench.contract.scenario import scenarios_folder
from bench.contract.toml import Table, read_tables
from bench.errors import ScenarioError
from bench.report.numbers import number
from bench.report.page_data import Answer, Shown, View

__all__ = ["Headline", "headlines"]


MARKS = {"bad": "✗ ", "partly": "~ ", "good": "", "none": ""}


class Column(Table, frozen=True, kw_only=True):
    """One column: what of which scenario. ``case``: without one, the worst word of all its cases."""

    title: str
    of: Literal["right", "count", "word", "number"]
    scenario: str
    case: str = ""
    word: str = ""
    indicator: str = ""


@dataclass(frozen=True)
class Headline:
    """One column for all targets that were measured in it: by name the text, and how it is to be shown."""

    title: str
    texts: dict[str, str]
    tones: dict[str, str]

    def mark(self, name: str) -> str:
        """Return the text of a target with a mark, since colour is never alone; a dash where nothing was measured."""
        if name not in self.texts:
            return "-"
        return f"{MARKS[self.tones[name]]}{self.texts[name]}"


def headlines(view: View) -> list[Headline]:
    """Return the columns of which something was measured, in their order. The control is among the targets."""
    names = [one.name for one in view.manifest.targets if one.role != "aa check"]
    found = []
    for column in _columns().values():
        told = {name: text for name in names if (text := _told(view, column, name)) is not None}
        if told:
            texts = {name: text for name, (text, _) in told.items()}
            found.append(Headline(column.title, texts, {name: tone for name, (_, tone) in told.items()}))
    return found


@cache
def _columns() -> dict[str, Column]:
    return read_tables(scenarios_folder() / "headlines.toml", Column, ScenarioError)


def _told(view: View, column: Column, name: str) -> tuple[str, str] | None:
    if column.of == "number":
        return _number(view, column, name)
    worst = [answer for case in _cases(view, column, name) for answer in _judged(case, name)]
    if not worst:
        return None
    tones = [view.tone(answer) for answer in worst]
    if column.of == "right":
        return f"{tones.count('good')} of {len(tones)}", "none"
    if column.of == "count":
        count = sum(answer.verdict.word == column.word for answer in worst)
        return str(count), "bad" if count else "good"
    order = ("bad", "partly", "good", "none")
    at = min(range(len(worst)), key=lambda index: order.index(tones[index]))
    return worst[at].verdict.word, tones[at]


def _cases(view: View, column: Column, name: str) -> Iterator[Shown]:
    for case in view.cases:
        if case.scenario == column.scenario and column.case in ("", case.case) and name in case.answers:
            yield case


def _judged(case: Shown, name: str) -> list[Answer]:
    """Return the worst answer of a case, if it was judged."""
    worst = case.worst(name)
    return [worst] if worst.verdict.outcome in ("measured", "failed", "unsupported") else []


def _number(view: View, column: Column, name: str) -> tuple[str, str] | None:
    for section in view.sections:
        for table in section.tables:
            of = table.scenario, table.case, table.indicator.id
            if of == (column.scenario, column.case, column.indicator):
                for row in table.rows:
                    if row.target == name:
                        unit = table.indicator.unit
                        return f"{number(row.summary.median, unit)} {unit}", "none"
    return None
