"""Encodings of what numpy, pandas and scipy hold: arrays of every dtype, tables, columns, indexes."""
# ruff: noqa: PLR0124 - only NaN is unequal to itself

import sys
from typing import Any

from orchestrator_bench_encoding import Walk, both, qualified_name, shortened
from orchestrator_bench_numbers import MISSING, MOST, counted, number, piece

STORED = ("data", "indices", "indptr", "row", "col", "coords", "offsets", "rows", "_dict")
"""What a sparse matrix stores; it also keeps what it has found out of that, such as whether it is sorted."""
WIDEST = 8
"""Bytes of a float that Python's own holds without loss."""


def both_of(value: Any, walk: Walk) -> "tuple[bytes, bytes] | None":
    """Return both encodings of an array, a table or a single value of one; None of anything else."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, numpy.ndarray):
        exact, equal = _array(value, walk)
        return piece(qualified_name(value), exact), equal
    if numpy is not None and isinstance(value, numpy.generic):
        exact, equal = _array(numpy.asarray(value), walk)
        return piece(qualified_name(value), exact), equal
    if pandas is not None and hasattr(pandas, "DataFrame"):
        found = _of_pandas(value, pandas, walk)
        if found is not None:
            return found
    if type(value).__module__.startswith("scipy.sparse") and hasattr(value, "tocoo"):
        return _sparse(value, walk)
    return None


def table_parts(value: Any, walk: Walk) -> "dict[str, tuple[bytes, bytes]]":
    """Return both encodings of each column, the index, the columns and attrs of a table."""
    frame = value.to_frame() if hasattr(value, "to_frame") else value
    parts: dict[str, tuple[bytes, bytes]] = {}
    for position, label in enumerate(frame.columns):
        name = f"column {label}" if isinstance(label, str) else f"column {label!r}"
        while name in parts:
            name += "'"
        walk.path.append(f" {name}")
        parts[name] = _column(frame.iloc[:, position], walk)
        walk.path.pop()
    walk.path.append(" index")
    parts["index"] = _index(frame.index, walk)
    walk.path.pop()
    labels = list(frame.columns)
    exact, _ = both(
        [qualified_name(value), getattr(value, "name", None), type(frame.columns).__name__], walk
    )
    exact += both([str(frame.columns.dtype), list(frame.columns.names), labels], walk)[0]
    parts["columns"] = (exact, b"".join(sorted(both(label, walk)[1] for label in labels)))
    parts["attrs"] = walk.at(" attrs", value.attrs)
    return parts


def _of_pandas(value: Any, pandas: Any, walk: Walk) -> "tuple[bytes, bytes] | None":
    name = qualified_name(value)
    if isinstance(value, (pandas.DataFrame, pandas.Series)):
        parts = table_parts(value, walk)
        ones = [piece(part, one) for part, (one, _) in parts.items()]
        # What attrs say is no value of the table.
        twos = sorted(piece(part, two) for part, (_, two) in parts.items() if part != "attrs")
        return piece(name, b"".join(ones)), piece("table", b"".join(twos))
    if isinstance(value, pandas.Index):
        exact, _ = _index(value, walk)
        return piece(name, exact), both(list(value), walk)[1]
    if isinstance(value, pandas.api.extensions.ExtensionArray):
        exact, equal = _column(pandas.Series(value), walk)
        return piece(name, exact), b"l%d:" % len(value) + equal
    if type(value).__name__ in ("NAType", "NaTType"):
        return piece(name, b""), MISSING
    if isinstance(value, (pandas.Interval, pandas.Period)):
        text = repr(value).encode()
        return piece(name, text), piece("p", text)
    return None


def _column(series: Any, walk: Walk) -> "tuple[bytes, bytes]":
    import numpy as np
    import pandas as pd

    dtype = series.dtype
    exact = both(str(dtype), walk)[0]
    if isinstance(dtype, pd.DatetimeTZDtype):
        naive = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return exact + _exact(naive, walk), array_trials(naive, walk, aware=True)
    if isinstance(dtype, np.dtype) and dtype.kind in "biufmM":
        array = series.to_numpy()
        return exact + _exact(array, walk), array_trials(array, walk)
    ones: list[bytes] = []
    twos: list[bytes] = []
    for position, trial in enumerate(np.asarray(series, dtype=object)):
        one, two = walk.at(f"[{position}]", trial)
        ones.append(one)
        twos.append(two)
    if isinstance(dtype, pd.CategoricalDtype):
        categories = _index(dtype.categories, walk)[0]
        exact += both(bool(dtype.ordered), walk)[0] + categories + _exact(series.cat.codes.to_numpy(), walk)
    else:
        exact += b"".join(ones)
    return exact, b"".join(twos)


def _index(index: Any, walk: Walk) -> "tuple[bytes, bytes]":
    exact, equal = _column(index.to_series(), walk)
    about = [type(index).__name__, list(index.names), str(getattr(index, "freq", None))]
    if hasattr(index, "levels"):
        about.append([str(level.dtype) for level in index.levels])
    return both(about, walk)[0] + exact, equal


def _sparse(value: Any, walk: Walk) -> "tuple[bytes, bytes]":
    """Encode a sparse matrix: exactly as it is stored, and by its elements that are not zero."""
    stored = [getattr(value, name) for name in STORED if name in vars(value)]
    exact, _ = both([value.format, list(value.shape), str(value.dtype), *stored], walk)
    elements = value.tocoo(copy=True)
    elements.sum_duplicates()
    kept = elements.data != 0
    inside = [list(value.shape), elements.row[kept], elements.col[kept], elements.data[kept]]
    return piece(qualified_name(value), exact), piece("sparse", both(inside, walk)[1])


def _array(array: Any, walk: Walk) -> "tuple[bytes, bytes]":
    """Return both encodings of a numpy array; the one by equality is that of the nested lists of its items."""
    import numpy as np

    if isinstance(array, np.ma.MaskedArray):
        return _masked(array, walk)
    array = np.asarray(array)
    if array.dtype.names is not None:
        return _structured(array, walk)
    exact = _exact(array, walk)
    if array.ndim == 0:
        one = array.reshape(1)
        return exact, array_trials(one, walk) if array.dtype.kind in "biufcmM" else both(
            one.tolist()[0], walk
        )[1]
    return exact, _rows(array, walk)


def _rows(array: Any, walk: Walk) -> bytes:
    # Cut as a list of lists would be, so that both are equal.
    if array.ndim == 1:
        return b"l%d:" % len(array) + array_trials(array, walk)
    return counted("l", [shortened(_rows(row, walk)) for row in array])


def _exact(array: Any, walk: Walk) -> bytes:
    """Return the exact encoding of an array without fields; all NaN are alike."""
    import numpy as np

    about = f"{array.dtype.str} {array.shape}"
    kind = array.dtype.kind
    if kind == "O":
        found = []
        for position, item in enumerate(array.ravel()):
            found.append(walk.at(f"[{position}]", item)[0])
        return piece(about, b"".join(found))
    if kind == "V":
        return piece(about, b"".join(bytes(item) for item in array.ravel()))
    if kind in "fc":
        if array.dtype.itemsize > (WIDEST if kind == "f" else 2 * WIDEST):
            # Such a float has bytes that nobody wrote.
            return piece(about, " ".join(str(item) for item in array.ravel()).encode())
        if kind == "c":
            return piece(about, _exact(array.real, walk) + _exact(array.imag, walk))
        array = np.where(np.isnan(array), array.dtype.type(np.nan), array).astype(array.dtype)
    return piece(about, np.ascontiguousarray(array).tobytes())


def _structured(array: Any, walk: Walk) -> "tuple[bytes, bytes]":
    """Encode field by field: between fields there may be bytes that nobody wrote."""
    exact, equal = [], []
    for name in array.dtype.names:
        one, two = _array(array[name], walk)
        exact.append(piece(name, one))
        equal.append(piece(name, two))
    about = f"fields {array.dtype.names} {array.shape} {array.dtype.itemsize}"
    return piece(about, b"".join(exact)), piece("fields", b"".join(equal))


def _masked(array: Any, walk: Walk) -> "tuple[bytes, bytes]":
    import numpy as np

    mask = np.ma.getmaskarray(array)
    shown = np.array(array.data, copy=True)
    if shown.dtype.names is None:
        shown[mask] = np.zeros((), shown.dtype)[()]
    exact, equal = _array(shown, walk)
    hidden, same = _array(mask, walk)
    return piece("masked", exact + hidden), piece("masked", equal + same)


def array_trials(array: Any, walk: Walk, aware: bool = False) -> bytes:
    """Return the encodings by equality of the trials of a 1-dimensional array, in order."""
    import numpy as np

    kind = array.dtype.kind
    if kind == "f" and array.dtype.itemsize > WIDEST:
        return b"".join(_wide(item) for item in array)
    if kind not in "biufmM":
        found = []
        for position, item in enumerate(array.tolist()):
            found.append(walk.at(f"[{position}]", item)[1])
        return b"".join(found)
    tags = np.full(len(array), ord("i"), "u1")
    if kind in "bi":
        trials = array.astype("<i8")
    elif kind == "u":
        tags[array >= MOST] = ord("u")
        trials = array.astype("<u8").view("<i8")
    elif kind == "f":
        tags, trials = _float_trials(array.astype("<f8"), tags)
    else:
        tags, trials = _time_trials(array, tags, "dD" if kind == "m" else "zZ" if aware else "tT")
    trials = np.where(tags == ord("~"), 0, trials)
    both_columns = np.empty(len(array), np.dtype([("tag", "u1"), ("trial", "<i8")]))
    both_columns["tag"], both_columns["trial"] = tags, trials
    return both_columns.tobytes()


def _wide(item: Any) -> bytes:
    near = float(item)
    return number(near) if near == item or item != item else piece("n", str(item).encode())


def _float_trials(array: Any, tags: Any) -> "tuple[Any, Any]":
    import numpy as np

    whole = np.isfinite(array) & (np.floor(array) == array)
    signed = whole & (array >= -float(MOST)) & (array < float(MOST))
    unsigned = whole & (array >= float(MOST)) & (array < 2 * float(MOST))
    trials = array.view("<i8").copy()
    trials[signed] = array[signed].astype("<i8")
    trials[unsigned] = array[unsigned].astype("<u8").view("<i8")
    tags[~signed] = ord("f")
    tags[unsigned] = ord("u")
    tags[np.isnan(array)] = ord("~")
    return tags, trials


def _time_trials(array: Any, tags: Any, letters: str) -> "tuple[Any, Any]":
    """Give nanoseconds where they fit, else microseconds."""
    import numpy as np

    kind = array.dtype.kind
    nanosecond = np.dtype(f"{kind}8[ns]")
    if array.dtype == nanosecond:
        trials = array.view("<i8")
        tags[:] = ord(letters[0])
    else:
        coarse = array.astype(f"{kind}8[us]").view("<i8")
        fits = np.abs(coarse) < MOST // 1000
        trials = np.where(fits, coarse * 1000, coarse)
        tags[:] = np.where(fits, ord(letters[0]), ord(letters[1]))
    tags[np.isnat(array)] = ord("~")
    return tags, trials
