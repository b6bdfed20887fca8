"""The truth matrices: targets as columns, cases as rows, a word in each trial, a sentence for each target."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.contract.records import Target
from bench.contract.scenario import Loaded
from bench.judging.rules import rules_of
from bench.judging.verdicts import UNJUDGED, Verdict, Word

__all__ = ["Matrix", "MatrixColumn", "MatrixRow", "matrix_of"]

NAMED = 6
"""Cases that a sentence names before it says how many more there are."""
NOT_ATTEMPTED = "not attempted"


@dataclass(frozen=True)
class MatrixColumn:
    """One target.

    mechanism, way: by what it reuses results and how that is asked for, where the scenario is about that.
    """

    target: str
    mechanism: str | None
    way: str | None
    counts: bool
    sentence: str


@dataclass(frozen=True)
class MatrixRow:
    """One row: a case, or one of the words that a case has beside its own.

    what: in words. verdicts: by target; one that the plan left out is absent. words: what stands in each
    trial.
    """

    case: str
    part: str | None
    family: str
    what: str
    verdicts: Mapping[str, Verdict]
    words: Mapping[str, str]

    def says(self, target: str) -> str:
        """Return what stands in the trial of a target; nothing where a part is not said of it."""
        left_out = NOT_ATTEMPTED if target not in self.verdicts else ""
        return self.words.get(target, left_out)


@dataclass(frozen=True)
class Matrix:
    """All trials of one scenario. ``legend``: the words that stand in it."""

    scenario: str
    question: str
    criterion: str
    columns: tuple[MatrixColumn, ...]
    lines: tuple[MatrixRow, ...]
    legend: tuple[Word, ...]


def matrix_of(
    loaded: Loaded,
    verdicts: Mapping[str, Mapping[str, Verdict]],
    adapters: Mapping[str, Mapping[str, Any]],
) -> Matrix:
    """Return the matrix of a scenario. ``verdicts``: by case and target; ``adapters``: their manifests."""
    manifest = loaded.manifest
    cases = [case for case in manifest.cases if case in verdicts]
    targets = sorted({target for case in cases for target in verdicts[case]})
    lines = [line for case in cases for line in _lines(loaded, case, verdicts[case])]
    words = {word for line in lines for word in line.words.values()}
    return Matrix(
        scenario=manifest.name,
        question=manifest.question,
        criterion=manifest.criterion,
        columns=tuple(_column(loaded, target, verdicts, cases, adapters) for target in targets),
        lines=tuple(lines),
        legend=tuple(word for word in rules_of(loaded.folder).words if word.name in words),
    )


def _lines(loaded: Loaded, case: str, verdicts: Mapping[str, Verdict]) -> Iterable[MatrixRow]:
    about = loaded.manifest.cases[case]
    words = {target: verdict.word for target, verdict in verdicts.items()}
    yield MatrixRow(case, None, about.family, about.what, verdicts, words)
    if loaded.manifest.rows == "cases":
        return
    parts = dict.fromkeys(part for verdict in verdicts.values() for part in verdict.words)
    for part in parts:
        found = {
            target: verdict.words[part] for target, verdict in verdicts.items() if part in verdict.words
        }
        yield MatrixRow(case, part, about.family, part, verdicts, found)


def _column(
    loaded: Loaded,
    target: str,
    verdicts: Mapping[str, Mapping[str, Verdict]],
    cases: Sequence[str],
    adapters: Mapping[str, Mapping[str, Any]],
) -> MatrixColumn:
    found = {case: verdicts[case][target] for case in cases if target in verdicts[case]}
    mechanism, way, counts = None, None, True
    if loaded.manifest.names_mechanism:
        mechanism, way, counts = _mechanism(next(iter(found.values())).trial.target, adapters)
    told = sentence(found, rules_of(loaded.folder).words)
    if len(found) < len(cases):
        told += f"; {NOT_ATTEMPTED} in {len(cases) - len(found)}, which only other targets have"
    return MatrixColumn(target, mechanism, way, counts, told)


def _mechanism(target: Target, adapters: Mapping[str, Mapping[str, Any]]) -> tuple[str, str | None, bool]:
    """Return by what a target reuses results, how that is asked for, and whether it counts as caching."""
    about = adapters.get(target.tool, {})
    reuse = about.get("reuse")
    if not reuse:
        return "none", None, False
    ways = [
        about["options"][name]["what"] for name in target.options if about["options"][name].get("stricter")
    ]
    return reuse["mechanism"], ways[0] if ways else reuse["what"], bool(reuse["promised"])


def sentence(verdicts: Mapping[str, Verdict], words: Sequence[Word]) -> str:
    """Return one line for a target: its worst words first, with the cases that have them."""
    judged = {case: verdict.word for case, verdict in verdicts.items() if verdict.outcome not in UNJUDGED}
    parts = []
    for word in sorted(words, key=lambda word: word.value):
        cases = [case for case, name in judged.items() if name == word.name]
        if cases and word.value < 1:
            more = f" and {len(cases) - NAMED} more" if len(cases) > NAMED else ""
            parts.append(f"{word.name} in {len(cases)} ({', '.join(cases[:NAMED])}{more})")
    good = len(judged) - sum(1 for name in judged.values() if _value(words, name) < 1)
    whole = f"right in {good} of {len(judged)} cases" if judged else "not judged in any case"
    for outcome in UNJUDGED:
        count = sum(1 for verdict in verdicts.values() if verdict.outcome == outcome)
        if count:
            parts.append(f"{outcome} in {count}")
    return "; ".join([whole, *parts])


def _value(words: Sequence[Word], name: str) -> float:
    return next((word.value for word in words if word.name == name), 0.0)
