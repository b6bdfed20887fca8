"""Encodings by equality of numbers and times: the same in whatever type, unit or zone they are given."""
# ruff: noqa: DTZ001, PLR0124 - a naive epoch for naive times; only NaN is unequal to itself

import datetime as dt
import struct
from typing import Any

MISSING = b"~" + bytes(8)
EPOCH = dt.datetime(1970, 1, 1)
EPOCH_UTC = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)  # noqa: UP017 - Python 3.9 and 3.10
MICROSECOND = dt.timedelta(microseconds=1)
MOST = 1 << 63
MOST_DIGITS = 5000
"""Of a decimal number; one of more is compared as it is written."""


def piece(name: str, data: bytes) -> bytes:
    """Return data under a name, with its length."""
    return b"%s %d:" % (name.encode("utf-8", "surrogatepass"), len(data)) + data


def counted(letter: str, items: "list[bytes]") -> bytes:
    """Return encodings under a letter, with their number."""
    return b"%s%d:" % (letter.encode(), len(items)) + b"".join(items)


def number(value: Any) -> bytes:
    """Return the encoding by equality of a number: the same for an int, a float and a fraction."""
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
    above, below = value.as_integer_ratio()
    return piece("n", f"{above:x}/{below:x}".encode())


def decimal(value: Any) -> bytes:
    """Return the encoding by equality of a Decimal."""
    if value.is_nan():
        return MISSING
    if value.is_infinite() or abs(value.adjusted()) < MOST_DIGITS:
        return number(value)
    # As an int it would take for ever.
    return piece("n", str(value.normalize()).encode())


def moment(value: dt.datetime) -> bytes:
    """Return the encoding by equality of a date with a time: an aware one is the same in every zone."""
    extra = int(getattr(value, "nanosecond", 0))
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime(warn=False)
    if value.utcoffset() is None:
        return duration("tT", (value.replace(tzinfo=None) - EPOCH) // MICROSECOND, extra)
    return duration("zZ", (value - EPOCH_UTC) // MICROSECOND, extra)


def duration(letters: str, microseconds: int, extra: int) -> bytes:
    """Return a time span in nanoseconds, ``extra`` of them; in microseconds, under the other letter, if it is long."""
    if abs(microseconds) < MOST // 1000:
        return letters[0].encode() + struct.pack("<q", microseconds * 1000 + extra)
    return letters[1].encode() + struct.pack("<q", microseconds)
