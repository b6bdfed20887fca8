"""Digests: what differs strictly, and what is equal in any representation."""
# ruff: noqa: DTZ001, NPY002, PLR0124 - naive times, global random state and NaN are what is asked about

import datetime as dt
import decimal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from orchestrator_bench_digests import describe
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression

from bench.execution.tracing.prepare import HOOK_FOLDER
from tests.unit.execution.tracing.traced_project import plain_environment

NOON = "2024-05-01 12:00"


def strict(value: Any) -> str:
    """Return the strict digest."""
    return str(describe(value)["strict"])


def equal(value: Any) -> str:
    """Return the value digest."""
    return str(describe(value)["value"])


def column(values: Any, dtype: Any = None) -> pd.DataFrame:
    """Return a table of one column."""
    return pd.DataFrame({"a": pd.Series(values, dtype=dtype)})


SAME_VALUE = {
    "int and float": (100, 100.0),
    "true and one": (True, 1),
    "zero and minus zero": (0.0, -0.0),
    "none and nan": (None, float("nan")),
    "numpy and python": (np.float64(1.5), 1.5),
    "decimal and float": (decimal.Decimal("0.5"), 0.5),
    "great int and float": (2**80, float(2**80)),
    "key order": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "list and tuple": ([1, 2], (1, 2)),
    "list and array": ([1.0, 2.5], np.array([1.0, 2.5])),
    "dtype of a column": (column([1, 2]), column([1.0, 2.0])),
    "width of a column": (column([1, 2], "int64"), column([1, 2], "uint8")),
    "nullable and float": (column([1, None], "Int64"), column([1.0, float("nan")])),
    "object and int": (column([1, 2], object), column([1, 2])),
    "bool and int": (column([True, False]), column([1, 0])),
    "missing in objects": (column(["x", None], object), column(["x", float("nan")], object)),
    "nat and none": (column([pd.NaT], "datetime64[ns]"), column([None], object)),
    "category and text": (column(["x", "y"], "category"), column(["x", "y"], object)),
    "string kinds": (column(["x", None], "string"), column(["x", None], object)),
    "unit of time": (column([NOON], "datetime64[s]"), column([NOON], "datetime64[ns]")),
    "time and object": (
        column([NOON], "datetime64[ns]"),
        column([dt.datetime(2024, 5, 1, 12)], object),
    ),
    "time zone": (
        pd.DataFrame({"a": pd.to_datetime([NOON]).tz_localize("UTC")}),
        pd.DataFrame({"a": pd.to_datetime([NOON]).tz_localize("UTC").tz_convert("Asia/Tokyo")}),
    ),
    "duration": (
        column([dt.timedelta(days=1)], object),
        column([dt.timedelta(days=1)], "timedelta64[ns]"),
    ),
    "column order": (pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"b": [2], "a": [1]})),
    "index type": (column([1, 2]), column([1, 2]).set_axis(pd.Index([0.0, 1.0]))),
    "index name": (column([1, 2]), column([1, 2]).rename_axis("row")),
    "list and array in a trial": (column([[1, 2]], object), column([np.array([1, 2])], object)),
    "series and table": (pd.Series([1, 2], name="a"), column([1, 2])),
}

OTHER_VALUE = {
    "numbers": (1, 2),
    "near ints": (2**53 + 1, float(2**53)),
    "number and text": (1, "1"),
    "int and text keys": ({1: 0}, {"1": 0}),
    "nesting": ([[1], [2]], [[1, 2]]),
    "texts": (["ab", "c"], ["a", "bc"]),
    "row order": (column([1, 2]), column([2, 1])),
    "index": (column([1, 2]), column([1, 2]).set_axis([1, 2])),
    "column names": (column([1]), pd.DataFrame({"b": [1]})),
    "swapped columns": (pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"a": [2], "b": [1]})),
    "missing": (column([1.0, None]), column([1.0, 0.0])),
    "aware and naive": (
        pd.DataFrame({"a": pd.to_datetime([NOON]).tz_localize("UTC")}),
        pd.DataFrame({"a": pd.to_datetime([NOON])}),
    ),
    "float widths that round": (column([0.1], "float32"), column([0.1], "float64")),
    "infinities": (float("inf"), -float("inf")),
}

STRICTLY_OTHER = {
    "none and nan": (column([None], object), column([float("nan")], object)),
    "nan and na": (column([float("nan")], object), column([pd.NA], object)),
    "nat and na": (column([pd.NaT], object), column([pd.NA], object)),
    "categories": (column(pd.Categorical(["x"], ["x", "y"])), column(pd.Categorical(["x"], ["y", "x"]))),
    "unused category": (column(pd.Categorical(["x"], ["x"])), column(pd.Categorical(["x"], ["x", "y"]))),
    "ordered category": (column(pd.Categorical(["x"])), column(pd.Categorical(["x"], ordered=True))),
    "array types": (np.array([1]), np.array([1], "int32")),
    "attrs": (column([1]), pd.DataFrame({"a": [1]}).assign()),
    "list and tuple": ({"a": [1]}, {"a": (1,)}),
    "text and its subclass": ("a", np.str_("a")),
}
STRICTLY_OTHER["attrs"][1].attrs["unit"] = "m"


@pytest.mark.parametrize(("one", "two"), SAME_VALUE.values(), ids=SAME_VALUE)
def test_equal_values_in_two_representations(one: Any, two: Any) -> None:
    """The value digest is the same, the strict one tells them apart."""
    assert equal(one) == equal(two)
    assert strict(one) != strict(two)


@pytest.mark.parametrize(("one", "two"), OTHER_VALUE.values(), ids=OTHER_VALUE)
def test_different_values(one: Any, two: Any) -> None:
    """What is not equal differs in both digests."""
    assert equal(one) != equal(two)
    assert strict(one) != strict(two)


@pytest.mark.parametrize(("one", "two"), STRICTLY_OTHER.values(), ids=STRICTLY_OTHER)
def test_what_only_the_strict_digest_tells_apart(one: Any, two: Any) -> None:
    """Kinds of missing values, categories, types and attributes."""
    assert strict(one) != strict(two)


def test_columns_are_digested_one_by_one() -> None:
    """A change of one column shows in its part and in no other."""
    one = describe(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}))["parts"]
    two = describe(pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]}))["parts"]
    assert [name for name in one if one[name] != two[name]] == ["column a"]
    assert list(one) == ["column a", "column b", "index", "columns", "attrs"]


def test_columns_of_one_name_are_kept_apart() -> None:
    """Labels may be there twice, or be no text."""
    frame = pd.DataFrame([[1, 2, 3]], columns=["a", "a", 3])
    assert list(describe(frame)["parts"])[:3] == ["column a", "column a'", "column 3"]


def test_nested_data_is_digested_path_by_path() -> None:
    """What was altered in transit is named by its path."""
    one = describe({"a": {"b": 100}, "c": [1, 2]})["parts"]
    two = describe({"a": {"b": 100.0}, "c": [1, 2]})["parts"]
    assert [name for name in one if one[name] != two[name]] == ["$.a.b"]
    assert list(one) == ["$", "$.a", "$.a.b", "$.c", "$.c[0]", "$.c[1]"]


def test_a_lost_key_shows_in_its_container() -> None:
    """The part of a container covers its keys."""
    one = describe({"a": {"b": 1, "c": 2}})["parts"]
    two = describe({"a": {"b": 1}})["parts"]
    assert one["$"] == two["$"]
    assert one["$.a"] != two["$.a"]


def test_a_model_is_digested_by_its_predictions() -> None:
    """Two fits on the same data are equal, another fit is not."""
    rows, target = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
    fit = [RandomForestClassifier(5, random_state=seed).fit(rows, target) for seed in (1, 1, 2)]
    assert describe(fit[0])["kind"] == "model"
    assert "predict_proba" in describe(fit[0])["parts"]
    assert describe(fit[0]) == describe(fit[1])
    assert equal(fit[0]) != equal(fit[2])


def test_a_model_that_knows_its_features_gets_them_by_name() -> None:
    """A model fitted on a table is given a table, without a warning."""
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [1.0, 0.0, 1.0]})
    model = LinearRegression().fit(frame, [1.0, 2.0, 3.0])
    digest = describe(model)
    assert digest["kind"] == "model"
    assert strict(model) != strict(LinearRegression().fit(frame.to_numpy(), [1.0, 2.0, 3.0]))


def test_digesting_a_model_leaves_the_random_state_alone() -> None:
    """A run with digests draws the same random numbers as one without."""
    model = LinearRegression().fit([[1.0]], [1.0])
    np.random.seed(1)
    describe(model)
    assert np.random.random() == np.random.RandomState(1).random_sample()


@dataclass
class Settings:
    """Any object."""

    depth: int
    helper: object


def test_any_other_object_is_digested_by_its_type_and_plain_attributes() -> None:
    """Nothing that has an address in it comes into a digest."""
    assert describe(Settings(1, object())) == describe(Settings(1, object()))
    assert strict(Settings(1, None)) != strict(Settings(2, None))
    assert describe(Settings(1, None))["kind"] == "opaque"


def test_digests_are_the_same_in_every_process() -> None:
    """No seed of hashing and no address comes into a digest."""
    code = """
import numpy, pandas, sys
from orchestrator_bench_digests import describe
frame = pandas.DataFrame({"a": ["x", None], "b": [1.5, 2]}, index=["p", "q"])
print(describe(frame), describe({"s": {"a", "b", "c"}, "n": numpy.arange(3)}))
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**plain_environment(), "PYTHONPATH": str(HOOK_FOLDER), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


NUMBERS = st.one_of(st.integers(-(2**70), 2**70), st.floats(), st.booleans())
JSON = st.recursive(
    st.one_of(st.none(), NUMBERS, st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=12,
)


@given(NUMBERS, NUMBERS)
def test_numbers_are_equal_as_python_says(one: Any, two: Any) -> None:
    """The value digest of numbers follows ``==``, with all NaN alike."""
    same = one == two or (one != one and two != two)
    assert (equal(one) == equal(two)) is same


@given(JSON, JSON)
def test_the_strict_digest_is_finer_than_the_value_digest(one: Any, two: Any) -> None:
    """Strictly equal values are equal, and neither digest confuses two structures."""
    if strict(one) == strict(two):
        assert equal(one) == equal(two)
        assert repr(one) == repr(two)
    assert describe(one)["kind"] != "undescribed"


@given(st.lists(st.one_of(st.integers(-(2**63), 2**64 - 1), st.floats(), st.none()), min_size=1))
def test_a_typed_column_equals_the_same_column_of_objects(values: Any) -> None:
    """Reading a column at once and trial by trial gives one digest."""
    typed = pd.DataFrame({"a": pd.Series(values)})
    objects = pd.DataFrame({"a": pd.Series(list(typed["a"]), dtype=object)})
    assert equal(typed) == equal(objects)


@given(st.lists(st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)), min_size=1))
def test_a_column_of_times_equals_the_same_column_of_objects(values: Any) -> None:
    """Times are equal in every unit, dtype and class that holds them."""
    typed = [column(values, f"datetime64[{unit}]") for unit in ("us", "ns")]
    objects = column([pd.Timestamp(value) for value in values], object)
    plain = column([value.replace() for value in values], object)
    assert len({equal(table) for table in (*typed, objects, plain)}) == 1


def test_times_out_of_the_range_of_nanoseconds_are_digested() -> None:
    """A year 9999 that stands for ever is a value like any other."""
    far = column(["9999-12-31"], "datetime64[us]")
    assert equal(far) == equal(column([dt.datetime(9999, 12, 31)], object))
    assert equal(far) != equal(column(["9999-12-30"], "datetime64[us]"))
