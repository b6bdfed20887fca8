"""Digests of the values that pass through stages; imported by the first traced body that is digested.

``strict`` differs wherever anything differs: type, dtype, index, order, kind of missing value, sign of
zero. ``value`` is equal for equal values in any representation: 100 and 100.0, None and NaN, a list and
an array, columns in any order, the same instant in two time zones; the order of rows counts. Both are
equal across processes. ``parts`` says the same of each column, or of each path in nested data; the part
of a container in nested data covers its own keys or length only.
"""
# ruff: noqa: BLE001, B905, NPY002 - no error may reach the run; Python 3.9; kinds are told apart one by one

import hashlib
import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator_bench_encoding import array_trials, plain, qualified_name, strict, strict_array

MOST_PARTS = 2000
LONGEST_LIST = 200
"""A longer list is digested as a whole."""
MODEL_ROWS = 64


def of_inputs(found: Mapping[str, Any], names: "tuple[str, ...]") -> str:
    """Return the digests of the named locals as JSON."""
    return json.dumps({name: _of_local(found, name) for name in names})


def of_local(found: Mapping[str, Any], name: str) -> str:
    """Return the digests of what a stage left in the local ``name`` as JSON."""
    if name not in found:
        return json.dumps({"return": _of_local(found, name)})
    return of_return(found[name])


def of_return(value: Any) -> str:
    """Return the digests of what a stage returned as JSON: by field name for a NamedTuple."""
    fields = getattr(type(value), "_fields", None)
    if isinstance(value, tuple) and fields is not None:
        return json.dumps({name: describe(item) for name, item in zip(fields, value)})
    return json.dumps({"return": describe(value)})


def describe(value: Any) -> "dict[str, Any]":
    """Return kind, strict and value digest, and the parts. Never raises: what fails is ``undescribed``."""
    try:
        kind = _kind(value)
        if kind == "table":
            return _described(kind, table_parts(value), left_out=("attrs",))
        if kind == "model":
            try:
                return _described(kind, _model_parts(value))
            except Exception:
                kind = "opaque"
        parts: dict[str, tuple[bytes, bytes]] = {}
        for path, item_strict, item_plain in _walk(value, "$"):
            parts[path] = (item_strict, item_plain)
            if len(parts) == MOST_PARTS:
                break
        return {
            "kind": kind,
            "strict": _hex(strict(value)),
            "value": _hex(plain(value)),
            "parts": _hexes(parts),
        }
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        return {"kind": "undescribed", "strict": "", "value": "", "parts": {}, "detail": detail}


def table_parts(value: Any) -> "dict[str, tuple[bytes, bytes]]":
    """Return the strict and value encoding of each column, the index, the columns and attrs of a table."""
    frame = value.to_frame() if hasattr(value, "to_frame") else value
    parts: dict[str, tuple[bytes, bytes]] = {}
    for position, label in enumerate(frame.columns):
        name = f"column {label}" if isinstance(label, str) else f"column {label!r}"
        while name in parts:
            name += "'"
        parts[name] = _column(frame.iloc[:, position])
    parts["index"] = _index(frame.index)
    labels = list(frame.columns)
    exact = strict([qualified_name(value), getattr(value, "name", None), type(frame.columns).__name__])
    exact += strict([str(frame.columns.dtype), list(frame.columns.names), labels])
    parts["columns"] = (exact, b"".join(sorted(plain(label) for label in labels)))
    parts["attrs"] = (strict(frame.attrs), plain(frame.attrs))
    return parts


def _kind(value: Any) -> str:
    if value is None or isinstance(value, (bool, int, float, str)):
        return "scalar"
    if isinstance(value, (dict, list, tuple)):
        return "json"
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(value, (pandas.DataFrame, pandas.Series)):
        return "table"
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return "array"
    if numpy is not None and isinstance(value, numpy.generic):
        return "scalar"
    if not isinstance(value, type) and callable(getattr(value, "predict", None)):
        return "model"
    return "opaque"


def _described(
    kind: str, parts: "dict[str, tuple[bytes, bytes]]", left_out: "tuple[str, ...]" = ()
) -> "dict[str, Any]":
    """Digest parts and the whole: strict in the order of the parts, value in that of their names."""
    hexes = _hexes(parts)
    exact = [f"{name}={digest['strict']}" for name, digest in hexes.items()]
    equal = [f"{name}={digest['value']}" for name, digest in hexes.items() if name not in left_out]
    return {
        "kind": kind,
        "strict": _hex("\n".join(exact).encode("utf-8", "surrogatepass")),
        "value": _hex("\n".join(sorted(equal)).encode("utf-8", "surrogatepass")),
        "parts": hexes,
    }


def _walk(value: Any, path: str) -> "Iterator[tuple[str, bytes, bytes]]":
    if isinstance(value, dict):
        keys = list(value)
        exact = strict([qualified_name(value), keys])
        yield path, exact, b"".join(sorted(plain(key) for key in keys))
        for key, item in value.items():
            yield from _walk(item, f"{path}.{key}" if isinstance(key, str) else f"{path}[{key!r}]")
    elif isinstance(value, (list, tuple)) and len(value) <= LONGEST_LIST:
        yield path, strict([qualified_name(value), len(value)]), plain(len(value))
        for position, item in enumerate(value):
            yield from _walk(item, f"{path}[{position}]")
    else:
        yield path, strict(value), plain(value)


def _column(series: Any) -> "tuple[bytes, bytes]":
    import numpy as np
    import pandas as pd

    dtype = series.dtype
    exact = strict(str(dtype))
    if isinstance(dtype, pd.DatetimeTZDtype):
        naive = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return exact + strict_array(naive), array_trials(naive, aware=True)
    if isinstance(dtype, np.dtype) and dtype.kind in "biufmM":
        array = series.to_numpy()
        return exact + strict_array(array), array_trials(array)
    trials = np.asarray(series, dtype=object)
    if isinstance(dtype, pd.CategoricalDtype):
        categories = _index(dtype.categories)[0]
        exact += strict(bool(dtype.ordered)) + categories + strict_array(series.cat.codes.to_numpy())
    else:
        exact += b"".join(strict(trial) for trial in trials)
    return exact, b"".join(plain(trial) for trial in trials)


def _index(index: Any) -> "tuple[bytes, bytes]":
    exact, equal = _column(index.to_series())
    about = [type(index).__name__, list(index.names), str(getattr(index, "freq", None))]
    if hasattr(index, "levels"):
        about.append([str(level.dtype) for level in index.levels])
    return strict(about) + exact, equal


def _model_parts(model: Any) -> "dict[str, tuple[bytes, bytes]]":
    """Digest what the model predicts for fixed rows, whose trials range over many magnitudes."""
    import numpy as np

    # RandomState's streams are the same in all versions of numpy, those of Generator are not.
    random = np.random.RandomState(20240229)
    shape = (MODEL_ROWS, int(model.n_features_in_))
    rows: Any = random.normal(size=shape) * 10 ** random.uniform(-2, 5, size=shape)
    names = getattr(model, "feature_names_in_", None)
    if names is not None:
        import pandas as pd

        rows = pd.DataFrame(rows, columns=list(names))
    parts = {"type": (strict(qualified_name(model)), b"")}
    before = np.random.get_state()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for method in ("predict", "predict_proba"):
                if callable(getattr(model, method, None)):
                    predicted = getattr(model, method)(rows)
                    parts[method] = (strict(predicted), plain(predicted))
    finally:
        np.random.set_state(before)
    if callable(getattr(model, "get_params", None)):
        parts["parameters"] = (strict(model.get_params()), b"")
    parts["features"] = (strict(None if names is None else list(names)), b"")
    return parts


def _of_local(found: Mapping[str, Any], name: str) -> "dict[str, Any]":
    if name in found:
        return describe(found[name])
    return {"kind": "undescribed", "strict": "", "value": "", "parts": {}, "detail": f"no local {name}"}


def _hexes(parts: "dict[str, tuple[bytes, bytes]]") -> "dict[str, dict[str, str]]":
    return {name: {"strict": _hex(one), "value": _hex(two)} for name, (one, two) in parts.items()}


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
