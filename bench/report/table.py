"""The tidy table of a result set: one row for each number and for each word.

``metrics.parquet`` is this table, and :func:`bench.load` gives it as a DataFrame. Columns:

- ``set``: name of the folder
- ``target`` as ``tool[setup+option]@version``, and its parts ``tool``, ``setup``, ``options``, ``version``;
  ``mode``; ``role``: ``tool``, ``control`` or ``twin``
- ``scenario``, ``case``, ``family`` (empty where the scenario has none), ``block`` from 0
- ``attempt`` from 1 and ``run`` from 0, in the order of the attempt; missing for words, which are of all
- ``kind``: ``sample`` or ``word``
- ``indicator``: what was measured; of a word, the part that it is of, empty for the word of the whole cell
- ``unit`` and ``value`` of a sample, in seconds, MB or a count; missing for words
- ``word``; missing for samples
- ``outcome``: of the cell
- ``cell``: its key, as the scorecard and ``bench repro`` have it
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from bench.judging import Column
from bench.records import Cell, Store
from bench.results import Results, read

__all__ = ["COLUMNS", "frame", "load", "table", "write"]

COLUMNS = (
    "set", "target", "tool", "setup", "options", "version", "mode", "role", "scenario", "case", "family",
    "block", "attempt", "run", "kind", "indicator", "unit", "value", "word", "outcome", "cell",
)  # fmt: skip

Codes = NDArray[np.int32]

if TYPE_CHECKING:
    import pandas as pd


def load(folder: Path) -> "pd.DataFrame":
    """Return the table of a result set, judged anew from its records. Raises StoreError or ScenarioError."""
    return frame(read(Store(folder)))


def frame(results: Results) -> "pd.DataFrame":
    """Return the table as a DataFrame; text as categories."""
    import pandas as pd

    return table(results).to_pandas(types_mapper={pa.int16(): pd.Int16Dtype()}.get)


def write(results: Results, path: Path) -> None:
    """Write the table as parquet. Raises OSError."""
    parquet.write_table(table(results), path, compression="zstd")


def table(results: Results) -> pa.Table:
    """Return the table: samples by case and target, then words in the order of the plan."""
    cells = results.judge.cells()
    rows = _Rows(cells)
    for column in results.judge.numbers():
        rows.add(column)
    for place, cell in enumerate(cells):
        verdict = results.judge.verdict(cell)
        rows.add_word(place, "", verdict.word)
        for part, word in verdict.words.items():
            rows.add_word(place, part, word)
    return rows.table(results, cells)


class _Rows:
    """The rows as they grow: samples in whole columns, words one by one."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._names: dict[str, int] = {}
        self._samples: list[tuple[Codes, Codes, Codes, Codes, NDArray[np.float64]]] = []
        self._words: list[tuple[int, int, int]] = []
        self._places: dict[tuple[str, str, str], dict[int, int]] = {}
        for place, cell in enumerate(cells):
            self._places.setdefault(_row(cell), {})[cell.block] = place

    def add(self, column: Column) -> None:
        """Add all samples of a target in one indicator of a case."""
        first, count = column.samples[0], len(column.samples)
        places = self._places[_row(first.cell)]
        by_block = np.zeros(max(places) + 1, np.int32)
        by_block[list(places)] = list(places.values())
        self._samples.append(
            (
                by_block[np.frombuffer(column.blocks, np.int64)],
                np.frombuffer(column.runs, np.int32),
                np.full(count, self._name(first.indicator), np.int32),
                np.full(count, self._name(first.unit), np.int32),
                np.frombuffer(column.values, np.float64),
            )
        )

    def add_word(self, place: int, part: str, word: str) -> None:
        """Add one word of a cell."""
        self._words.append((place, self._name(part), self._name(word)))

    def _name(self, text: str) -> int:
        return self._names.setdefault(text, len(self._names))

    def table(self, results: Results, cells: Sequence[Cell]) -> pa.Table:
        """Return the table."""
        nothing = (np.zeros(0, np.int32),) * 5
        place, run, indicator, unit, value = map(np.concatenate, zip(nothing, *self._samples, strict=True))
        words = np.array(self._words, np.int32).reshape(-1, 3)
        is_word = np.repeat([False, True], [len(place), len(words)])
        no_word, no_sample = np.full(len(place), -1, np.int32), np.full(len(words), -1, np.int32)
        place = np.concatenate([place, words[:, 0]])
        attempt = _codes(results.judge.kept(cell)[0].number for cell in cells)[place]
        known = list(self._names)
        columns = {
            **_of_cells(results, cells, place),
            "attempt": _array(attempt.astype(np.int16), pa.int16(), ~is_word),
            "run": _array(np.concatenate([run, no_sample]).astype(np.int16), pa.int16(), ~is_word),
            "kind": _text(is_word.astype(np.int32), ["sample", "word"]),
            "indicator": _text(np.concatenate([indicator, words[:, 1]]), known),
            "unit": _text(np.concatenate([unit, no_sample]), known),
            "value": _array(np.concatenate([value, no_sample.astype(float)]), pa.float64(), ~is_word),
            "word": _text(np.concatenate([no_word, words[:, 2]]), known),
        }
        return pa.table({name: columns[name] for name in COLUMNS})


def _row(cell: Cell) -> tuple[str, str, str]:
    """Return what all blocks of a target in a case have in common."""
    return cell.target.name, cell.scenario, cell.case


def _of_cells(results: Results, cells: Sequence[Cell], place: Codes) -> dict[str, pa.Array]:
    """Return what is the same for all rows of a cell. ``place``: of the cell of each row."""
    labels = {one.label: one for one in (cell.target for cell in cells)}
    targets = {label: number for number, label in enumerate(labels)}
    manifests = {name: loaded.manifest for name, loaded in results.loaded.items()}
    cases = {(cell.scenario, cell.case): 0 for cell in cells}
    cases = {case: number for number, case in enumerate(cases)}
    target = _codes(targets[cell.target.label] for cell in cells)[place]
    case = _codes(cases[cell.scenario, cell.case] for cell in cells)[place]
    known = labels.values()
    return {
        "set": _text(np.zeros(len(place), np.int32), [results.name]),
        "target": _text(target, list(labels)),
        "tool": _text(target, [one.tool for one in known]),
        "setup": _text(target, [one.setup for one in known]),
        "options": _text(target, ["+".join(one.options) for one in known]),
        "version": _text(target, [one.version for one in known]),
        "mode": _text(target, [one.mode for one in known]),
        "role": _text(target, [results.roles.get(one.name, "tool") for one in known]),
        "scenario": _text(case, [scenario for scenario, _ in cases]),
        "case": _text(case, [name for _, name in cases]),
        "family": _text(case, [manifests[scenario].cases[name].family for scenario, name in cases]),
        "block": _array(_codes(cell.block for cell in cells)[place], pa.int32()),
        "outcome": _outcomes(results, cells, place),
        "cell": _text(place, [cell.key for cell in cells]),
    }


def _outcomes(results: Results, cells: Sequence[Cell], place: Codes) -> pa.Array:
    outcomes = [results.judge.verdict(cell).outcome for cell in cells]
    names: list[str] = list(dict.fromkeys(outcomes))
    numbers = {name: number for number, name in enumerate(names)}
    return _text(_codes(numbers[outcome] for outcome in outcomes)[place], names)


def _codes(numbers: Iterable[int]) -> Codes:
    return np.fromiter(numbers, np.int32)


def _text(codes: Codes, names: Sequence[str]) -> pa.Array:
    """Return text as codes and a dictionary of the names that occur; a code below 0 is missing."""
    # One place more than there are names, for the code of what is missing.
    used = np.zeros(len(names) + 1, np.bool_)
    used[codes] = True
    occurring = dict.fromkeys(name for name, one in zip(names, used[:-1], strict=True) if one)
    place = {name: number for number, name in enumerate(occurring)}
    renamed = np.array([*(place.get(name, -1) for name in names), -1], np.int32)
    found = renamed[codes]
    return pa.DictionaryArray.from_arrays(_array(found, pa.int32(), found >= 0), _strings(list(occurring)))


def _array(values: NDArray[Any], kind: pa.DataType, known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return numbers as an array; ``known``: which are not missing.

    From their buffers: ``pyarrow.array`` imports pandas, which takes longer than all else here.
    """
    bits = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [bits, pa.py_buffer(np.ascontiguousarray(values))])


def _strings(texts: Sequence[str]) -> pa.Array:
    """Return texts as an array, without pandas as above."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)
