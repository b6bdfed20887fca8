"""Bytes that stand for values, from which digests are made: one encoding exact, one by equality.

Each encoding delimits itself, so that those of several values can be put one after the other.
"""
# ruff: noqa: C901, DTZ001, PLR0124, PLR0912 - a list of types, told apart one by one

import datetime as dt
import struct
import sys
from typing import Any

MISSING = b"~" + bytes(8)
NAMED_BY_TEXT = frozenset(("datetime", "decimal", "fractions", "uuid", "pathlib", "zoneinfo", "ipaddress"))
EPOCH = dt.datetime(1970, 1, 1)
EPOCH_UTC = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)  # noqa: UP017 - Python 3.9 and 3.10
MICROSECOND = dt.timedelta(microseconds=1)
MOST = 1 << 63


def qualified_name(value: Any) -> str:
    """Return the full name of a value's type."""
    return f"{type(value).__module__}.{type(value).__qualname__}"


def strict(value: Any) -> bytes:
    """Return bytes that differ where types or anything else differ."""
    name = qualified_name(value)
    module = name.partition(".")[0]
    if value is None:
        return _piece(name, b"")
    if isinstance(value, (bool, int)):
        return _piece(name, hex(value).encode())
    if isinstance(value, float):
        return _piece(name, b"nan" if value != value else float.hex(value).encode())
    if isinstance(value, str):
        return _piece(name, value.encode("utf-8", "surrogatepass"))
    if isinstance(value, (bytes, bytearray)):
        return _piece(name, bytes(value))
    if isinstance(value, (list, tuple)):
        return _piece(name, b"".join(strict(item) for item in value))
    if isinstance(value, dict):
        return _piece(name, b"".join(strict(key) + strict(item) for key, item in value.items()))
    if isinstance(value, (set, frozenset)):
        return _piece(name, b"".join(sorted(strict(item) for item in value)))
    if module == "numpy" and hasattr(value, "dtype"):
        return _piece(name, strict_array(sys.modules["numpy"].asarray(value)))
    if module == "pandas":
        return _piece(name, _of_pandas(value, exact=True))
    if module in NAMED_BY_TEXT or isinstance(value, complex):
        return _piece(name, repr(value).encode())
    return _piece(name, b"".join(strict(item) for item in _attributes(value)))


def plain(value: Any) -> bytes:
    """Return bytes that are equal for values that are equal, whatever represents them."""
    module = type(value).__module__.partition(".")[0]
    if value is None:
        return MISSING
    if isinstance(value, (int, float)) or module in ("decimal", "fractions"):
        return _number(value)
    if isinstance(value, str):
        return _piece("s", value.encode("utf-8", "surrogatepass"))
    if isinstance(value, (bytes, bytearray)):
        return _piece("b", bytes(value))
    if isinstance(value, (list, tuple)):
        return _counted("l", [plain(item) for item in value])
    if isinstance(value, dict):
        return _counted("m", sorted(plain(key) + plain(item) for key, item in value.items()))
    if isinstance(value, (set, frozenset)):
        return _counted("e", sorted(plain(item) for item in value))
    if module == "numpy" and hasattr(value, "dtype"):
        return _of_numpy(value)
    if module == "pandas" and type(value).__name__ in ("NAType", "NaTType"):
        return MISSING
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, dt.timedelta):
        extra = int(getattr(value, "nanoseconds", 0))
        whole = dt.timedelta(value.days, value.seconds, value.microseconds)
        return _duration("dD", whole // MICROSECOND, extra)
    if module == "pandas":
        return _piece("p", _of_pandas(value, exact=False))
    if module in NAMED_BY_TEXT or isinstance(value, complex):
        return _piece("o", f"{qualified_name(value)} {value}".encode())
    return _piece(
        "o", qualified_name(value).encode() + b"".join(plain(item) for item in _attributes(value))
    )


def strict_array(array: Any) -> bytes:
    """Return the exact encoding of a numpy array; all NaN are alike."""
    import numpy as np

    about = f"{array.dtype.str} {array.dtype.names or ''} {array.shape}"
    if array.dtype.kind == "O":
        return _piece(about, b"".join(strict(item) for item in array.ravel()))
    if array.dtype.kind in "fc":
        array = np.where(np.isnan(array), array.dtype.type(np.nan), array).astype(array.dtype)
    return _piece(about, np.ascontiguousarray(array).tobytes())


def array_trials(array: Any, aware: bool = False) -> bytes:
    """Return the encodings by equality of the trials of a 1-dimensional array, in order."""
    import numpy as np

    kind = array.dtype.kind
    if kind not in "biufmM":
        return b"".join(plain(item) for item in array.tolist())
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
    both = np.empty(len(array), np.dtype([("tag", "u1"), ("trial", "<i8")]))
    both["tag"], both["trial"] = tags, trials
    return both.tobytes()


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


def _number(value: Any) -> bytes:
    if value != value:
        return MISSING
    exact = abs(value) != float("inf") and value == int(value)
    if exact and -MOST <= value < MOST:
        return b"i" + struct.pack("<q", int(value))
    if exact and 0 < value < 2 * MOST:
        return b"u" + struct.pack("<Q", int(value))
    try:
        near = float(value)
    except OverflowError:
        near = float("nan")
    if near == value:
        return b"f" + struct.pack("<d", near)
    return _piece("n", hex(value).encode() if isinstance(value, int) else str(value).encode())


def _moment(value: dt.datetime) -> bytes:
    extra = int(getattr(value, "nanosecond", 0))
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime(warn=False)
    if value.tzinfo is None:
        return _duration("tT", (value - EPOCH) // MICROSECOND, extra)
    return _duration("zZ", (value - EPOCH_UTC) // MICROSECOND, extra)


def _duration(letters: str, microseconds: int, extra: int) -> bytes:
    if abs(microseconds) < MOST // 1000:
        return letters[0].encode() + struct.pack("<q", microseconds * 1000 + extra)
    return letters[1].encode() + struct.pack("<q", microseconds)


def _of_numpy(value: Any) -> bytes:
    import numpy as np

    if isinstance(value, np.ndarray) and value.ndim:
        if value.ndim == 1:
            return b"l%d:" % len(value) + array_trials(value)
        return _counted("l", [plain(item) for item in value])
    array = np.asarray(value).reshape(1)
    return array_trials(array) if array.dtype.kind in "biufmM" else plain(array.astype(object)[0])


def _of_pandas(value: Any, exact: bool) -> bytes:
    import orchestrator_bench_digests as digests

    pandas = sys.modules["pandas"]
    if isinstance(value, (pandas.DataFrame, pandas.Series)):
        described = digests.describe(value)
        return str(described["strict" if exact else "value"]).encode()
    if isinstance(value, pandas.Index):
        return strict(list(value)) + str(value.dtype).encode() if exact else plain(list(value))
    return f"{value!r} {getattr(value, 'unit', '')}".encode() if exact else str(value).encode()


def _attributes(value: Any) -> "list[Any]":
    """Return name and value of an object's attributes that are JSON values or arrays, in order of names."""
    found = getattr(value, "__dict__", {})
    return [(name, found[name]) for name in sorted(found) if _is_json(found[name])]


def _is_json(value: Any, depth: int = 0) -> bool:
    if value is None or type(value) in (bool, int, float, str) or type(value).__module__ == "numpy":
        return True
    if depth > 20:
        return False
    if type(value) in (list, tuple):
        return all(_is_json(item, depth + 1) for item in value)
    return type(value) is dict and all(
        isinstance(key, str) and _is_json(item, depth + 1) for key, item in value.items()
    )


def _piece(name: str, data: bytes) -> bytes:
    return b"%s %d:" % (name.encode("utf-8", "surrogatepass"), len(data)) + data


def _counted(letter: str, items: "list[bytes]") -> bytes:
    return b"%s%d:" % (letter.encode(), len(items)) + b"".join(items)
