"""Values that are described completely, by properties over values of all kinds; and what is told as undescribed."""

import copy
import functools
import io
import json
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from orchestrator_bench_digests import describe, of_return
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from bench.execution.tracing.prepare import HOOK_FOLDER
from tests.unit.execution.tracing.described_values import RECIPES, Open, Row, build
from tests.unit.execution.tracing.traced_project import plain_environment

ROOT = Path(__file__).resolve().parents[4]
CHILD = """
import pickle, sys
from orchestrator_bench_digests import describe
while size := sys.stdin.buffer.readline():
    value = pickle.loads(sys.stdin.buffer.read(int(size)))
    print(describe(value)["strict"], describe(value)["value"], flush=True)
"""


def both(value: Any) -> tuple[str, str]:
    """Return strict and value digest of a value that is described completely."""
    found = describe(value)
    assert found["undescribed"] == {}
    return found["strict"], found["value"]


@pytest.fixture(scope="module")
def elsewhere() -> "Iterator[subprocess.Popen[bytes]]":
    """Start a process with another seed of hashing, which unpickles values and tells their digests."""
    path = f"{HOOK_FOLDER}:{ROOT}"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        env={**plain_environment(), "PYTHONPATH": path, "PYTHONHASHSEED": "77"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    yield child
    child.communicate()
    assert child.returncode == 0


# A strategy of all kinds of values has a long name, which hypothesis warns of.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


@settings(max_examples=200, deadline=None)
@given(RECIPES)
def test_equal_values_have_equal_digests_also_after_pickling_in_another_process(
    elsewhere: "subprocess.Popen[bytes]", recipe: Any
) -> None:
    """Neither address nor order of hashing nor the way of copying shows."""
    value = build(recipe)
    digests = both(value)
    assert both(build(recipe)) == digests
    assert both(copy.deepcopy(value)) == digests
    assert elsewhere.stdin
    assert elsewhere.stdout
    data = pickle.dumps(value)
    elsewhere.stdin.write(b"%d\n" % len(data) + data)
    elsewhere.stdin.flush()
    assert tuple(elsewhere.stdout.readline().decode().split()) == digests


@settings(max_examples=300, deadline=None)
@given(RECIPES, RECIPES)
def test_unequal_values_have_unequal_digests(one: Any, two: Any) -> None:
    """Two values of different recipes are never told as one."""
    if one != two:
        assert both(build(one))[0] != both(build(two))[0]


@settings(max_examples=200, deadline=None)
@given(RECIPES, RECIPES, RECIPES)
def test_a_difference_shows_however_deep_it_lies(one: Any, two: Any, beside: Any) -> None:
    """In a dict of an object in a table in a list, with other values around it."""

    def wrapped(inner: Any) -> Any:
        table = pd.DataFrame({"a": [build(beside), 1]}, dtype=object)
        table.loc[1, "a"] = Open({(1, None): build(inner)})
        return [build(beside), {"table": table}]

    assert (both(build(one))[0] == both(build(two))[0]) == (both(wrapped(one))[0] == both(wrapped(two))[0])


@dataclass
class Linear:
    """As in a pipeline of a user."""

    rate: float
    penalty: float = 0.0


@dataclass
class Booster:
    """Another class with a field of the same name."""

    rate: float


class Point(NamedTuple):
    """Two fields."""

    x: float
    y: float


def _closed(by: int) -> Any:
    return lambda value: value * by


def _local(constant: int) -> type:
    class Local:
        size = constant

    return Local


UNEQUAL: dict[str, tuple[Any, Any]] = {
    "nested data classes": (Open(Linear(1, 0.25)), Open(Booster(1.0))),
    "fitted transformers": (StandardScaler().fit([[1.0], [2.0]]), StandardScaler().fit([[1.0], [3.0]])),
    "estimators of one prediction": (
        LinearRegression(n_jobs=1).fit([[1.0]], [1.0]),
        LinearRegression(n_jobs=2).fit([[1.0]], [1.0]),
    ),
    "lambdas": (lambda value: value + 1, lambda value: value - 1),
    "closures": (_closed(2), _closed(3)),
    "partials": (functools.partial(pow, 2), functools.partial(pow, 3)),
    "bound methods": ("a".join, "b".join),
    "classes of one name": (_local(1), _local(2)),
    "tables in tables": (
        pd.DataFrame({"a": [pd.DataFrame({"b": [1]})]}),
        pd.DataFrame({"a": [pd.DataFrame({"b": [2]})]}),
    ),
    "sparse": (scipy.sparse.csr_matrix([[0, 1]]), scipy.sparse.csr_matrix([[0, 2]])),
    "int keys": ({1: "a"}, {1: "b"}),
    "buffers": (io.BytesIO(b"a"), io.BytesIO(b"b")),
    "masked": (np.ma.array([1, 2], mask=[False, True]), np.ma.array([1, 2], mask=[True, False])),
    "complex parts": (np.array([complex("nan+1j")]), np.array([complex("nan+2j")])),
    "long floats": (np.longdouble(1) / 3, np.longdouble(1) / 3 + np.finfo(np.longdouble).eps),
    "nested types": ([(1, [2])], [(1, [3])]),
    "great decimals": (Decimal("1e999999"), Decimal("2e999999")),
    "extension arrays": (pd.array([1, None], "Int64"), pd.array([2, None], "Int64")),
    "random states": (np.random.RandomState(1), np.random.RandomState(2)),
}
EQUAL: dict[str, tuple[Any, Any]] = {
    "complex and real": (complex(1, 0), 1),
    "decimal with zeros": (Decimal("0.10"), Decimal("0.1")),
    "fraction and decimal": (Fraction(1, 10), Decimal("0.1")),
    "ranges": (range(0, 3, 2), range(0, 4, 2)),
    "sparse forms": (scipy.sparse.csr_matrix([[0, 1]]), scipy.sparse.csc_matrix([[0, 1]])),
    "named tuple and tuple": (Point(1, 2), (1, 2)),
    "rows of an array": (np.arange(400.0).reshape(2, 200), np.arange(400.0).reshape(2, 200).tolist()),
    "object in two orders": (Open(1, 2), Open(second=2, first=1)),
    "shared and apart": ([[1], [1]], [[1]] * 2),
}


@pytest.mark.parametrize(("one", "two"), UNEQUAL.values(), ids=UNEQUAL)
def test_what_differs_only_inside_differs(one: Any, two: Any) -> None:
    """In both digests."""
    assert both(one)[0] != both(two)[0]
    assert both(one)[1] != both(two)[1]


@pytest.mark.parametrize(("one", "two"), EQUAL.values(), ids=EQUAL)
def test_what_python_calls_equal_is_equal(one: Any, two: Any) -> None:
    """In the digest by value."""
    assert both(one)[1] == both(two)[1]


@pytest.mark.parametrize(("one", "two"), UNEQUAL.values(), ids=UNEQUAL)
def test_every_described_object_is_equal_to_its_copy(one: Any, two: Any) -> None:
    """As deep copies are made by the same state."""
    for value in (one, two):
        assert both(copy.deepcopy(value)) == both(value)


class Bare:
    """Refuses to be pickled; all that it has can be seen."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __reduce__(self) -> str:
        raise TypeError("not by pickle")


def test_a_plain_object_that_refuses_pickle_is_described_by_its_attributes() -> None:
    """That it cannot be copied is another question."""
    assert both(Bare(1)) == both(Bare(1))
    assert both(Bare(1))[1] != both(Bare(2))[1]


HIDDEN: dict[str, Callable[[], Any]] = {
    "generator": lambda: (number for number in range(3)),
    "lock": threading.Lock,
    "file": lambda: sys.__stdout__,
    "reference": lambda: weakref.ref(Bare),
    "thread": threading.local,
}


@pytest.mark.parametrize("make", HIDDEN.values(), ids=HIDDEN)
def test_what_has_a_hidden_state_is_undescribed_by_name_and_type(make: Callable[[], Any]) -> None:
    """Alone, in an attribute and in a column."""
    value = make()
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    alone = describe(value)
    assert (alone["kind"], list(alone["undescribed"])) == ("undescribed", ["$"])
    assert alone["undescribed"]["$"].startswith(kind)
    assert list(describe(Open(second={"a": [value]}))["undescribed"]) == ["$.second.a[0]"]
    table = pd.DataFrame({"a": [None]}, dtype=object)
    table.loc[0, "a"] = value
    assert list(describe(table)["undescribed"]) == ["$ column a[0]"]
    json.dumps(alone)


def test_what_is_around_an_undescribed_part_is_still_told_apart() -> None:
    """So that all else can be judged."""
    one, two = describe(Open(1, threading.Lock())), describe(Open(2, threading.Lock()))
    assert one["undescribed"] == two["undescribed"]
    assert one["value"] != two["value"]
    assert one == describe(Open(1, threading.Lock()))


def test_cycles_are_described() -> None:
    """And two of different form are told apart."""
    one: list[Any] = [1]
    one.append(one)
    two: list[Any] = [1]
    two.append([1, two])
    assert both(one) == both(copy.deepcopy(one))
    assert both(one)[0] != both(two)[0]
    knot = Open()
    knot.first = {"back": knot}
    assert both(knot) == both(copy.deepcopy(knot))


def test_what_is_nested_too_deep_is_undescribed_and_raises_nothing() -> None:
    """With the reason."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    found = describe(deep)
    assert "nested deeper than 200 levels" in "".join(found["undescribed"].values())
    while deep:
        deep = deep[0]


def test_shared_parts_are_described_once() -> None:
    """A value of 2 to the power of 60 paths takes no time."""
    shared: list[Any] = ["x" * 200]
    for _ in range(60):
        shared = [shared, shared]
    assert both(shared) == both(copy.deepcopy(shared))


def test_a_field_of_a_named_tuple_is_named_by_itself() -> None:
    """What cannot be described takes no other field with it."""
    found = json.loads(of_return(Row(threading.Lock(), 1)))
    assert (found["first"]["kind"], found["second"]["undescribed"]) == ("undescribed", {})


def test_the_limit_of_recursion_is_as_before() -> None:
    """The program may rely on it."""
    before = sys.getrecursionlimit()
    describe([[1]])
    assert sys.getrecursionlimit() == before


def test_neither_numpy_nor_pandas_is_imported_for_plain_values() -> None:
    """The hook is loaded in every process of a tool."""
    code = (
        "import sys; from orchestrator_bench_digests import describe; describe({'a': [1, object()]});"
        "print([name for name in ('numpy', 'pandas', 'scipy') if name in sys.modules])"
    )
    environment = {**plain_environment(), "PYTHONPATH": str(HOOK_FOLDER)}
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
