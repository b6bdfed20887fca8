"""Bytes that stand for values, from which digests are made: one encoding exact, one by equality.

Each encoding delimits itself, so that those of several values can be put one after the other. A long one
is replaced by its hash. What cannot be described is noted by its path in the :class:`Walk`, and never told
as a value.
"""
# ruff: noqa: C901, PLR0124, PLR0912 - a list of types, told apart one by one

import datetime as dt
import hashlib
import sys
from typing import Any

from orchestrator_bench_numbers import (
    MICROSECOND,
    MISSING,
    counted,
    decimal,
    duration,
    moment,
    number,
    piece,
)

NAMED_BY_TEXT = frozenset(("uuid", "pathlib", "zoneinfo", "ipaddress"))
DEPTH = 200
"""Levels of containers and objects in each other; what lies deeper is undescribed."""
VISITS = 3_000_000
"""Containers and objects that are looked at in one value; one that has more is undescribed."""
LONG = 128
"""Bytes; a longer encoding of a container or object is replaced by its hash and remembered."""
NOTED = 20
"""Undescribed parts of a value that are named; the rest is not needed to know that it is not described."""


class TooMuchError(Exception):
    """A value is too large to be described in a bounded time."""


class Walk:
    """The way through one value.

    above: by id, the level of each container on the way to where we are. done: by id, what long ones
    gave; kept: the same objects, so that no id is used twice. undescribed: by path, type and reason.
    """

    __slots__ = ("above", "done", "kept", "lowest", "path", "undescribed", "visits")

    def __init__(self) -> None:
        self.above: dict[int, int] = {}
        self.done: dict[int, tuple[bytes, bytes]] = {}
        self.kept: list[Any] = []
        self.lowest = DEPTH
        self.path: list[str] = []
        self.undescribed: dict[str, str] = {}
        self.visits = 0

    def lose(self, value: Any, why: str) -> "tuple[bytes, bytes]":
        """Note that the value here is undescribed; return what stands for it: its type alone."""
        if len(self.undescribed) < NOTED:
            self.undescribed.setdefault("$" + "".join(self.path), f"{qualified_name(value)}: {why}")
        lost = piece("undescribed", type(value).__qualname__.encode("utf-8", "surrogatepass"))
        return lost, lost

    def at(self, step: str, value: Any) -> "tuple[bytes, bytes]":
        """Encode a part of the value here."""
        if type(value) in (str, float, int) or value is None:
            return both(value, self)
        self.path.append(step)
        found = both(value, self)
        self.path.pop()
        return found


def qualified_name(value: Any) -> str:
    """Return the full name of a value's type."""
    return f"{type(value).__module__}.{type(value).__qualname__}"


def both(value: Any, walk: Walk) -> "tuple[bytes, bytes]":
    """Return the exact encoding of a value, and the one that is the same for all equal values."""
    kind = type(value)
    if kind is str:
        data = value.encode("utf-8", "surrogatepass")
        return b"builtins.str %d:" % len(data) + data, b"s %d:" % len(data) + data
    if value is None:
        return b"builtins.NoneType 0:", MISSING
    if kind is float:
        return piece("builtins.float", b"nan" if value != value else value.hex().encode()), number(value)
    if kind is int or kind is bool:
        return piece(f"builtins.{kind.__name__}", hex(value).encode()), number(value)
    key = id(value)
    known = walk.done.get(key)
    if known is not None:
        return known
    level = walk.above.get(key)
    if level is not None:
        # A cycle is told by how many levels it leads up.
        walk.lowest = min(walk.lowest, level)
        turn = b"^%d:" % (len(walk.above) - level)
        return turn, turn
    level = len(walk.above)
    if level >= DEPTH:
        return walk.lose(value, f"nested deeper than {DEPTH} levels")
    walk.visits += 1
    if walk.visits > VISITS:
        raise TooMuchError(f"more than {VISITS:,} containers and objects")
    outer, walk.lowest = walk.lowest, DEPTH
    walk.above[key] = level
    steps = len(walk.path)
    try:
        exact, equal = _encoded(value, walk)
    except (TooMuchError, RecursionError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a value's own code may raise anything
        del walk.path[steps:]
        exact, equal = walk.lose(value, because(error))
    finally:
        del walk.above[key]
    if len(exact) > LONG or len(equal) > LONG:
        exact, equal = shortened(exact), shortened(equal)
        if walk.lowest >= level:
            # What leads up beyond itself reads otherwise from another place.
            walk.done[key] = exact, equal
            walk.kept.append(value)
    walk.lowest = min(outer, walk.lowest)
    return exact, equal


def because(error: BaseException) -> str:
    """Return why a value is undescribed, in one line."""
    text = " ".join(str(error).split())[:120]
    return f"its state cannot be seen ({type(error).__name__}{': ' if text else ''}{text})"


def shortened(data: bytes) -> bytes:
    """Return a short encoding as it is, and of a long one its hash."""
    return b"#" + hashlib.sha256(data).digest() if len(data) > LONG else data


def _encoded(value: Any, walk: Walk) -> "tuple[bytes, bytes]":
    import orchestrator_bench_objects as objects

    kind = type(value)
    name = qualified_name(value)
    module = name.partition(".")[0]
    if module in ("numpy", "pandas", "scipy") or isinstance(value, _array_types()):
        import orchestrator_bench_arrays as arrays

        found = arrays.both_of(value, walk)
        if found is not None:
            return found
    base = next((one for one in BASES if isinstance(value, one)), None)
    if base is not None:
        exact, equal = BASES[base](value, name, walk)
        return (exact, equal) if module in KNOWN else objects.with_extras(value, exact, equal, walk)
    if isinstance(value, (range, memoryview)):
        return _range(value) if isinstance(value, range) else both(value.tobytes(), walk)
    if module == "decimal" and kind.__name__ == "Decimal":
        return piece(name, repr(value).encode()), decimal(value)
    if module == "fractions" and kind.__name__ == "Fraction":
        return piece(name, repr(value).encode()), number(value)
    if module == "collections" and kind.__name__ == "deque":
        exact, equal = _sequence(value, name, walk)
        return exact + both(value.maxlen, walk)[0], equal
    if module in NAMED_BY_TEXT:
        text = f"{kind.__name__} {value}".encode("utf-8", "surrogatepass")
        return piece(name, repr(value).encode("utf-8", "surrogatepass")), piece("o", text)
    return objects.both_of(value, walk)


def _array_types() -> "tuple[type, ...]":
    """Return the types of numpy and pandas whose subclasses are told as they are; none that are not loaded."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    found: tuple[Any, ...] = ()
    for module, names in ((numpy, ("ndarray",)), (pandas, ("DataFrame", "Series", "Index"))):
        # While such a module is being imported it may not have its types yet.
        found += tuple(getattr(module, name) for name in names if hasattr(module, name))
    return found


def _text(value: str, name: str, walk: Walk) -> "tuple[bytes, bytes]":  # noqa: ARG001 - as the others
    data = str.encode(value, "utf-8", "surrogatepass")
    return piece(name, data), b"s %d:" % len(data) + data


def _bytes(value: Any, name: str, walk: Walk) -> "tuple[bytes, bytes]":  # noqa: ARG001 - as the others
    return piece(name, bytes(value)), piece("b", bytes(value))


def _int(value: int, name: str, walk: Walk) -> "tuple[bytes, bytes]":  # noqa: ARG001 - as the others
    return piece(name, int.__format__(value, "x").encode()), number(int.__add__(value, 0))


def _float(value: float, name: str, walk: Walk) -> "tuple[bytes, bytes]":  # noqa: ARG001 - as the others
    exact = b"nan" if value != value else float.hex(value).encode()
    return piece(name, exact), number(float.__pos__(value))


def _complex(value: complex, name: str, walk: Walk) -> "tuple[bytes, bytes]":
    exact, real = both(value.real, walk)
    more, imaginary = both(value.imag, walk)
    return piece(name, exact + more), real if value.imag == 0 else piece("c", real + imaginary)


def _sequence(value: Any, name: str, walk: Walk) -> "tuple[bytes, bytes]":
    exact: list[bytes] = []
    equal: list[bytes] = []
    for position, item in enumerate(value):
        one, two = walk.at(f"[{position}]", item)
        exact.append(one)
        equal.append(two)
    return piece(name, b"".join(exact)), counted("l", equal)


def _mapping(value: Any, name: str, walk: Walk) -> "tuple[bytes, bytes]":
    exact: list[bytes] = []
    equal: list[bytes] = []
    for key, item in value.items():
        one, two = walk.at(".(key)", key)
        more, again = walk.at(step(key, walk), item)
        exact.append(one + more)
        equal.append(two + again)
    factory = getattr(value, "default_factory", None)
    if factory is not None:
        exact.append(walk.at(".default_factory", factory)[0])
    return piece(name, b"".join(exact)), counted("m", sorted(equal))


def _set(value: Any, name: str, walk: Walk) -> "tuple[bytes, bytes]":
    found = [walk.at("{}", item) for item in value]
    return (
        piece(name, b"".join(sorted(exact for exact, _ in found))),
        counted("e", sorted(equal for _, equal in found)),
    )


def step(key: Any, walk: Walk) -> str:
    """Return how the item of a dict is named in a path; the name is the same in every process."""
    if type(key) is str:
        return f".{key}"
    if key is None or type(key) in (int, float, bool, bytes):
        return f"[{key!r}]"
    return f"[{type(key).__qualname__} {hashlib.sha256(both(key, walk)[0]).hexdigest()[:8]}]"


def _range(value: range) -> "tuple[bytes, bytes]":
    # Equal where they give the same numbers, as Python compares them.
    same = (len(value), value.start if len(value) else 0, value.step if len(value) > 1 else 0)
    return piece("builtins.range", repr(value).encode()), piece("r", repr(same).encode())


def _datetime(value: dt.datetime, name: str, walk: Walk) -> "tuple[bytes, bytes]":
    naive = value.replace(tzinfo=None)
    text = (
        f"{naive.isoformat()} {value.fold} {getattr(value, 'nanosecond', '')} {getattr(value, 'unit', '')}"
    )
    zone = walk.at(".tzinfo", value.tzinfo)[0]
    return piece(name, text.encode() + zone), moment(value)


def _time(value: dt.time, name: str, walk: Walk) -> "tuple[bytes, bytes]":
    zone, equal = walk.at(".tzinfo", value.tzinfo)
    text = value.replace(tzinfo=None, fold=0).isoformat().encode()
    return piece(name, text + b"%d" % value.fold + zone), piece("h", text + equal)


def _date(value: dt.date, name: str, walk: Walk) -> "tuple[bytes, bytes]":  # noqa: ARG001 - as the others
    text = value.isoformat().encode()
    return piece(name, text), piece("y", text)


def _timedelta(value: dt.timedelta, name: str, walk: Walk) -> "tuple[bytes, bytes]":  # noqa: ARG001
    extra = int(getattr(value, "nanoseconds", 0))
    whole = dt.timedelta(value.days, value.seconds, value.microseconds)
    equal = duration("dD", whole // MICROSECOND, extra)
    return piece(name, equal + str(getattr(value, "unit", "")).encode()), equal


def _timezone(value: dt.timezone, name: str, walk: Walk) -> "tuple[bytes, bytes]":  # noqa: ARG001
    return piece(name, repr(value).encode()), piece("z", str(value.utcoffset(None)).encode())


BASES: "dict[type, Any]" = {
    str: _text,
    int: _int,
    float: _float,
    complex: _complex,
    bytes: _bytes,
    bytearray: _bytes,
    list: _sequence,
    tuple: _sequence,
    dict: _mapping,
    set: _set,
    frozenset: _set,
    dt.datetime: _datetime,
    dt.date: _date,
    dt.time: _time,
    dt.timedelta: _timedelta,
    dt.timezone: _timezone,
}
"""How a value of a type, or of one derived from it, is encoded."""
KNOWN = frozenset(("builtins", "datetime", "collections", "numpy", "pandas"))
"""Modules whose types have nothing beside what is encoded."""
