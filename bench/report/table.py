"""The tidy table of a result set: one row for each number and for each word.

``metrics.parquet`` is this table, and :func:`bench.load` gives it as a DataFrame. Columns:

- ``set``: name of the folder
- ``target`` as ``tool[setup+option]@version``, and its parts ``tool``, ``setup``, ``options``, ``version``;
  ``mode``; ``role``: ``tool``, ``control`` or ``aa check``
- ``scenario``, ``case``, ``family`` (empty where the scenario has none), ``block`` from 0
- ``attempt`` from 1 and ``run`` from 0, in the order of the attempt; missing for words, which are of all
- ``kind``: ``sample`` or ``word``
- ``indicator``: what was measured; of a word, the part that it is of, empty for the word of the whole trial
- ``unit`` and ``value`` of a sample, in seconds, MB or a count; missing for words
- ``word``; missing for samples
- ``outcome``: of the trial
- ``trial``: its key, as the scorecard and ``bench repro`` have it
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from bench.contract.records import Trial
from bench.errors import StoreError
from bench.judging.judge import Column
from bench.judging.results import Results, read
from bench.store.result_set import Store

__all__ = ["COLUMNS", "frame", "load", "table", "write"]

COLUMNS = (
    "set", "target", "tool", "setup", "options", "version", "mode", "role", "scenario", "case", "family",
    "block", "attempt", "run", "kind", "indicator", "unit", "value", "word", "outcome", "trial",
)  # fmt: skip

Codes = NDArray[np.int32]

if TYPE_CHECKING:
    import pandas as pd


def load(folder: Path) -> "pd.DataFrame":
    """Return the table of a result set, judged anew from its records. Raises StoreError or ScenarioError."""
    try:
        whole = folder.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a name too long, a zero byte
        raise StoreError(f"{folder} is no folder that can be read ({error})") from error
    return frame(read(Store(whole)))


def frame(results: Results) -> "pd.DataFrame":
    """Return the table as a DataFrame; text as categories."""
    import pandas as pd

    return table(results).to_pandas(types_mapper={pa.int16(): pd.Int16Dtype()}.get)


def write(results: Results, path: Path | BinaryIO) -> None:
    """Write the table as parquet. Raises OSError."""
    # Its statistics help to skip parts of a file; it is read as a whole.
    parquet.write_table(table(results), path, compression="zstd", write_statistics=False)


def table(results: Results) -> pa.Table:
    """Return the table: samples by case and target, then words in the order of the plan."""
    trials = _Trials(results)
    names = _Names()
    samples = [_of_column(column, trials, names) for column in results.judge.numbers()]
    words = np.array(_words(trials, names), np.int32).reshape(-1, 3)
    nothing = (np.zeros(0, np.int32),) * 5
    place, run, indicator, unit, value = map(np.concatenate, zip(nothing, *samples, strict=True))
    known = np.repeat([True, False], [len(place), len(words)])
    no_word, no_sample = np.full(len(place), -1, np.int32), np.full(len(words), -1, np.int32)
    place = np.concatenate([place, words[:, 0]])
    columns = {
        **trials.columns(place),
        "attempt": _array(trials.attempts[place], pa.int16(), known),
        "run": _array(np.concatenate([run, no_sample]).astype(np.int16), pa.int16(), known),
        "kind": _text((~known).astype(np.int32), ["sample", "word"]),
        "indicator": _text(np.concatenate([indicator, words[:, 1]]), list(names)),
        "unit": _text(np.concatenate([unit, no_sample]), list(names)),
        "value": _array(np.concatenate([value, no_sample.astype(float)]), pa.float64(), known),
        "word": _text(np.concatenate([no_word, words[:, 2]]), list(names)),
    }
    return pa.table({name: columns[name] for name in COLUMNS})


class _Names(dict[str, int]):
    """Texts by the code that each has."""

    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


class _Trials:
    """All trials in the order of the plan, as columns, and where each stands by target, case and block."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.trials = results.judge.trials()
        self.verdicts = [results.judge.verdict(trial) for trial in self.trials]
        self.blocks = np.array([trial.block for trial in self.trials], np.int32)
        self.attempts = np.array([results.judge.kept(trial)[0].number for trial in self.trials], np.int16)
        self._series: dict[tuple[str, str, str], tuple[int, Trial]] = {}
        # A result set has few targets and many trials.
        labels: dict[int, str] = {}
        numbers = []
        for trial in self.trials:
            label = labels.get(id(trial.target)) or labels.setdefault(id(trial.target), trial.target.label)
            key = (label, trial.scenario, trial.case)
            found = self._series.get(key)
            if found is None:
                found = self._series[key] = (len(self._series), trial)
            numbers.append(found[0])
        self._number = np.array(numbers, np.int32)
        self._order = np.lexsort((self.blocks, self._number)).astype(np.int32)
        self._ends = np.cumsum([0, *np.bincount(self._number, minlength=len(self._series))])

    def places(self, trial: Trial, blocks: NDArray[np.int64]) -> Codes:
        """Return the places of the trials of the same target and case in some blocks."""
        number, _ = self._series[trial.target.label, trial.scenario, trial.case]
        within = self._order[self._ends[number] : self._ends[number + 1]]
        return np.asarray(within[np.searchsorted(self.blocks[within], blocks)])

    def columns(self, place: Codes) -> dict[str, pa.Array]:
        """Return what is the same for all rows of a trial. ``place``: of the trial of each row."""
        series = self._number[place] if len(place) else place
        known = [trial for _, trial in self._series.values()]
        targets = [trial.target for trial in known]
        roles = self.results.roles
        outcomes = _Names()
        outcome = np.array([outcomes[verdict.outcome] for verdict in self.verdicts], np.int32)
        return {
            "set": _coded(np.zeros(len(place), np.int32), [self.results.name]),
            "target": _coded(series, [one.label for one in targets]),
            "tool": _coded(series, [one.tool for one in targets]),
            "setup": _coded(series, [one.setup for one in targets]),
            "options": _coded(series, ["+".join(one.options) for one in targets]),
            "version": _coded(series, [one.version for one in targets]),
            "mode": _coded(series, [one.mode for one in targets]),
            "role": _coded(series, [roles.get(one.name, "tool") for one in targets]),
            "scenario": _coded(series, [trial.scenario for trial in known]),
            "case": _coded(series, [trial.case for trial in known]),
            "family": _coded(series, [self._family(trial) for trial in known]),
            "block": _array(self.blocks[place], pa.int32()),
            "outcome": _coded(outcome[place], list(outcomes)),
            "trial": _coded(place, [trial.key for trial in self.trials]),
        }

    def _family(self, trial: Trial) -> str:
        case = self.results.loaded[trial.scenario].manifest.cases.get(trial.case)
        return "" if case is None else case.family


def _of_column(
    column: Column, trials: _Trials, names: _Names
) -> tuple[Codes, Codes, Codes, Codes, NDArray[np.float64]]:
    """Return place, run, indicator, unit and value of each sample."""
    count = len(column.trials)
    return (
        trials.places(column.trials[0], np.frombuffer(column.blocks, np.int64)),
        np.frombuffer(column.runs, np.int32),
        np.full(count, names[column.indicator], np.int32),
        np.full(count, names[column.unit], np.int32),
        np.frombuffer(column.values, np.float64),
    )


def _words(trials: _Trials, names: _Names) -> list[tuple[int, int, int]]:
    """Return place, part and word of each word."""
    found = []
    for place, verdict in enumerate(trials.verdicts):
        found.append((place, names[""], names[verdict.word]))
        found += [(place, names[part], names[word]) for part, word in verdict.words.items()]
    return found


def _text(codes: Codes, names: Sequence[str]) -> pa.Array:
    """Return text as codes and a dictionary of the names that occur; a code below 0 is missing."""
    # One place more than there are names, for the code of what is missing.
    used = np.zeros(len(names) + 1, np.bool_)
    used[codes] = True
    occurring = [name for name, one in zip(names, used[:-1], strict=True) if one]
    renamed = np.append(np.where(used[:-1], np.cumsum(used[:-1]) - 1, -1), -1)
    found = renamed.astype(_kind(occurring))[codes]
    return _dictionary(found, occurring, found >= 0)


def _coded(codes: Codes, names: Sequence[str]) -> pa.Array:
    """Return text of which none is missing, as codes and a dictionary. ``names``: may have the same ones."""
    occurring = {name: number for number, name in enumerate(dict.fromkeys(names))}
    if len(occurring) < len(names):
        codes = np.array([occurring[name] for name in names], _kind(occurring))[codes]
    return _dictionary(codes.astype(_kind(occurring), copy=False), list(occurring))


def _kind(names: Collection[str]) -> np.dtype[Any]:
    """Return the least type that holds the codes of so many names, and -1."""
    return np.min_scalar_type(-max(len(names), 1))


def _dictionary(
    codes: NDArray[Any], names: Sequence[str], known: NDArray[np.bool_] | None = None
) -> pa.Array:
    kind = pa.from_numpy_dtype(codes.dtype)
    return pa.DictionaryArray.from_arrays(_array(codes, kind, known), _strings(names))


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
