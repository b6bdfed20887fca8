"""Values of all kinds that a pipeline may hand on, built from recipes: two values are equal if their recipes are.

A child process imports this module to unpickle what it is given.
"""

import datetime as dt
import enum
from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from hypothesis import strategies as st

__all__ = ["RECIPES", "Open", "Row", "build"]


class Colour(enum.Enum):
    """Any enum."""

    RED = 1
    BLUE = "blue"


class Level(enum.IntEnum):
    """An enum whose members are numbers."""

    LOW = 1
    HIGH = 2


@dataclass
class Open:
    """A data class whose fields may be set."""

    first: Any = None
    second: Any = None


@dataclass(frozen=True)
class Frozen:
    """A data class whose fields stay."""

    first: Any = None
    second: Any = None


class Slots:
    """An object without a dict."""

    __slots__ = ("first", "second")

    def __init__(self, first: Any, second: Any) -> None:
        self.first = first
        self.second = second


class Kept:
    """An object that says itself what its state is."""

    def __init__(self, first: Any, second: Any) -> None:
        self.inside = [first, second]

    def __getstate__(self) -> tuple[Any, ...]:
        return tuple(self.inside)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.inside = list(state)


@dataclass
class Tagged(dict[Any, Any]):
    """A dict with a field of its own."""

    tag: Any = field(default=None)


class Row(NamedTuple):
    """A tuple with names."""

    first: Any
    second: Any


def scale(value: float, by: float = 2.0) -> float:
    """Scale; handed on as a function."""
    return value * by


PAIRS = {"open": Open, "frozen": Frozen, "slots": Slots, "kept": Kept, "row": Row}
LEAVES = st.one_of(
    st.tuples(st.just("none")),
    st.tuples(st.just("bool"), st.booleans()),
    st.tuples(st.just("int"), st.integers(-(2**70), 2**70)),
    st.tuples(st.just("float"), st.floats(allow_nan=False).map(float.hex)),
    st.tuples(st.just("nan")),
    st.tuples(st.just("text"), st.text(max_size=200)),
    st.tuples(st.just("bytes"), st.binary(max_size=200)),
    st.tuples(st.just("complex"), st.integers(-9, 9), st.integers(-9, 9)),
    st.tuples(st.just("decimal"), st.decimals(allow_nan=False).map(str)),
    st.tuples(st.just("fraction"), st.fractions().map(str)),
    st.tuples(
        st.just("datetime"),
        st.datetimes().map(dt.datetime.isoformat),
        st.sampled_from(["", "UTC", "Asia/Tokyo"]),
    ),
    st.tuples(st.just("date"), st.dates().map(dt.date.isoformat)),
    st.tuples(st.just("time"), st.times().map(dt.time.isoformat)),
    st.tuples(st.just("timedelta"), st.integers(-(10**9), 10**9), st.integers(0, 10**6 - 1)),
    st.tuples(st.just("timezone"), st.integers(-12, 12)),
    st.tuples(st.just("uuid"), st.uuids().map(str)),
    st.tuples(st.just("path"), st.sampled_from(["a", "a/b", "/c", "c"])),
    st.tuples(st.just("colour"), st.sampled_from(["RED", "BLUE"])),
    st.tuples(st.just("level"), st.sampled_from(["LOW", "HIGH"])),
    st.tuples(st.just("range"), st.integers(0, 5), st.integers(6, 9), st.integers(1, 2)),
    st.tuples(st.just("function"), st.sampled_from(["scale", "build"])),
    st.tuples(st.just("class"), st.sampled_from(["Open", "Frozen"])),
    st.tuples(
        st.just("array"),
        st.lists(st.integers(0, 9), max_size=4).map(tuple),
        st.sampled_from(["i4", "f8", "O"]),
    ),
    st.tuples(
        st.just("masked"), st.lists(st.integers(0, 9), min_size=2, max_size=2).map(tuple), st.booleans()
    ),
    st.tuples(st.just("fields"), st.lists(st.integers(0, 9), max_size=3).map(tuple)),
)
HASHABLE = st.one_of(
    st.tuples(st.just("int"), st.integers(0, 99)),
    st.tuples(st.just("text"), st.text(max_size=3)),
    st.tuples(st.just("none")),
    st.tuples(st.just("colour"), st.sampled_from(["RED", "BLUE"])),
    st.tuples(
        st.just("tuple"), st.lists(st.tuples(st.just("int"), st.integers(0, 9)), max_size=2).map(tuple)
    ),
)


def _inside(inner: Any) -> Any:
    items = st.lists(inner, max_size=3).map(tuple)
    pairs = st.lists(st.tuples(HASHABLE, inner), max_size=3, unique_by=lambda pair: pair[0]).map(tuple)
    members = st.sets(HASHABLE, max_size=4).map(lambda found: tuple(sorted(found, key=repr)))
    return st.one_of(
        st.tuples(st.sampled_from(["list", "tuple", "deque", "column", "objects"]), items),
        st.tuples(st.sampled_from(["dict", "ordered", "default", "tagged"]), pairs),
        st.tuples(st.sampled_from(["set", "frozenset"]), members),
        st.tuples(st.sampled_from(list(PAIRS)), inner, inner),
    )


RECIPES = st.deferred(lambda: st.recursive(LEAVES, _inside, max_leaves=10))
"""Recipes of values; the first of each is its kind."""


def build(recipe: Any) -> Any:  # noqa: C901, PLR0912 - a list of kinds
    """Return the value of a recipe."""
    kind, *rest = recipe
    if kind == "none":
        return None
    if kind == "nan":
        return float("nan")
    if kind in ("bool", "int", "text", "bytes"):
        return rest[0]
    if kind in PAIRS:
        return PAIRS[kind](*(build(item) for item in rest))
    if kind in ("list", "tuple", "deque"):
        return {"list": list, "tuple": tuple, "deque": deque}[kind](build(item) for item in rest[0])
    if kind in ("set", "frozenset"):
        return {"set": set, "frozenset": frozenset}[kind](build(item) for item in rest[0])
    if kind in ("dict", "ordered", "default", "tagged"):
        pairs = [(build(key), build(item)) for key, item in rest[0]]
        if kind == "default":
            return defaultdict(list, pairs)
        if kind == "tagged":
            found = Tagged(tag=len(pairs))
            found.update(pairs)
            return found
        return OrderedDict(pairs) if kind == "ordered" else dict(pairs)
    if kind in ("column", "objects"):
        array = np.empty(len(rest[0]), object)
        for position, item in enumerate(rest[0]):
            array[position] = build(item)
        return array if kind == "objects" else pd.DataFrame({"a": pd.Series(array, dtype=object)})
    if kind == "array":
        return np.array(rest[0], rest[1])
    if kind == "masked":
        return np.ma.array(rest[0], mask=[rest[1], False])
    if kind == "fields":
        return np.array([(item, item / 2) for item in rest[0]], [("a", "i1"), ("b", "f8")])
    if kind == "datetime":
        moment = dt.datetime.fromisoformat(rest[0])
        return moment.replace(tzinfo=ZoneInfo(rest[1])) if rest[1] else moment
    makers = {
        "float": float.fromhex,
        "complex": complex,
        "decimal": Decimal,
        "fraction": Fraction,
        "date": dt.date.fromisoformat,
        "time": dt.time.fromisoformat,
        "timedelta": lambda seconds, micro: dt.timedelta(seconds=seconds, microseconds=micro),
        "timezone": lambda hours: dt.timezone(dt.timedelta(hours=hours)),
        "uuid": UUID,
        "path": PurePosixPath,
        "colour": Colour.__getitem__,
        "level": Level.__getitem__,
        "range": range,
        "function": globals().__getitem__,
        "class": globals().__getitem__,
    }
    return makers[kind](*rest)  # type: ignore[operator]
