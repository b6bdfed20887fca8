"""Digests of the values that pass through stages; imported by the first traced body that is digested.

``strict`` differs wherever anything differs: type, dtype, index, order, kind of missing value, sign of
zero. ``value`` is equal for equal values in any representation: 100 and 100.0, None and NaN, a list and
an array, columns in any order, the same instant in two time zones; the order of rows counts. Both are
equal across processes. ``parts`` says the same of each column, or of each path in nested data; the part
of a container or object in nested data covers its own keys, length or type only. ``undescribed`` names
by its path what has a state that cannot be seen; the digests say nothing of it but its type.
"""
# ruff: noqa: BLE001, B905, NPY002 - no error may reach the run; Python 3.9; kinds are told apart one by one

import hashlib
import json
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import orchestrator_bench_objects as objects
from orchestrator_bench_encoding import DEPTH, Walk, both, qualified_name, step
from orchestrator_bench_numbers import counted, piece

MOST_PARTS = 2000
LONGEST_LIST = 200
"""A longer list is digested as a whole."""
MODEL_ROWS = 64
FRAMES = 8 * DEPTH
"""Frames that describing may take beside those of the program."""
UNSEEN = "unseen"
"""Kind of what a body was to leave in a local that is not there."""

_deepening = threading.Lock()
_deep = 0


def of_inputs(found: Mapping[str, Any], names: "tuple[str, ...]") -> str:
    """Return the digests of the named locals as JSON."""
    return json.dumps({name: _of_local(found, name) for name in names})


def changed(given: "dict[str, Any]", before: str) -> str:
    """Return as JSON which of the given values are no longer as :func:`of_inputs` told them, by name."""
    known = json.loads(before)
    names = [
        name
        for name, value in given.items()
        if known[name]["kind"] not in ("scalar", "undescribed")
        and describe(value)["strict"] != known[name]["strict"]
    ]
    return json.dumps(names)


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
    """Return kind, strict and value digest, the parts, and what is undescribed. Never raises."""
    walk = Walk()
    try:
        _deepen(+1)
        try:
            return _described(value, walk)
        finally:
            _deepen(-1)
    except Exception as error:
        why = f"{qualified_name(value)}: it cannot be described ({type(error).__name__}: {error})"
        return _digest("undescribed", b"", b"", {}, {"$": why[:300]})


def _described(value: Any, walk: Walk) -> "dict[str, Any]":
    kind = _kind(value)
    exact, equal = both(value, walk)
    undescribed = dict(walk.undescribed)
    parts: dict[str, tuple[bytes, bytes]] = {}
    if kind == "table":
        import orchestrator_bench_arrays as arrays

        parts = arrays.table_parts(value, walk)
    elif kind == "model":
        try:
            parts = _model_parts(value, walk)
        except Exception:
            kind = "opaque"
        else:
            exact += b"".join(piece(name, one) for name, (one, _) in parts.items())
            equal += counted("p", sorted(piece(name, two) for name, (_, two) in parts.items()))
    if not parts:
        for path, one, two in _walk(value, "$", walk, 0):
            parts[path] = (one, two)
            if len(parts) == MOST_PARTS:
                break
    if "$" in undescribed:
        kind = "undescribed"
    return _digest(kind, exact, equal, parts, undescribed)


def _digest(
    kind: str,
    exact: bytes,
    equal: bytes,
    parts: "dict[str, tuple[bytes, bytes]]",
    undescribed: "dict[str, str]",
) -> "dict[str, Any]":
    return {
        "kind": kind,
        "strict": _hex(exact),
        "value": _hex(equal),
        "parts": {name: {"strict": _hex(one), "value": _hex(two)} for name, (one, two) in parts.items()},
        "undescribed": undescribed,
    }


def _deepen(by: int) -> None:
    """Raise the limit of recursion while at least one thread describes; a deep value needs deep frames."""
    global _deep  # noqa: PLW0603 - one limit holds for all threads
    with _deepening:
        if by > 0 and _deep == 0:
            sys.setrecursionlimit(sys.getrecursionlimit() + FRAMES)
        elif by < 0 and _deep == 1:
            sys.setrecursionlimit(max(1, sys.getrecursionlimit() - FRAMES))
        _deep += by


def _kind(value: Any) -> str:
    if value is None or isinstance(value, (bool, int, float, str)):
        return "scalar"
    if isinstance(value, (dict, list, tuple)):
        return "json"
    pandas = sys.modules.get("pandas")
    if (
        pandas is not None
        and hasattr(pandas, "DataFrame")
        and isinstance(value, (pandas.DataFrame, pandas.Series))
    ):
        return "table"
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return "array"
    if numpy is not None and isinstance(value, numpy.generic):
        return "scalar"
    if not isinstance(value, type) and callable(getattr(value, "predict", None)):
        return "model"
    return "opaque"


def _walk(value: Any, path: str, walk: Walk, level: int) -> "Iterator[tuple[str, bytes, bytes]]":
    """Yield path and encodings of each part, outer ones first; what leads back to itself is told as a whole."""
    inside: Any = None
    if level < DEPTH and id(value) not in walk.above:
        inside = _inside(value, walk)
    if inside is None:
        yield (path, *both(value, walk))
        return
    exact, equal, parts = inside
    yield path, exact, equal
    walk.above[id(value)] = level
    try:
        for name, item in parts:
            yield from _walk(item, path + name, walk, level + 1)
    finally:
        walk.above.pop(id(value), None)


def _inside(value: Any, walk: Walk) -> "tuple[bytes, bytes, list[tuple[str, Any]]] | None":
    """Return what a container or object is without its parts, and these by the step to each; None of others."""
    name = qualified_name(value)
    if isinstance(value, dict):
        keys = [both(key, walk) for key in value]
        exact = piece(name, b"".join(one for one, _ in keys))
        return (
            exact,
            b"".join(sorted(two for _, two in keys)),
            [(step(key, walk), value[key]) for key in value],
        )
    if isinstance(value, (list, tuple)):
        if len(value) > LONGEST_LIST:
            return None
        count = both(len(value), walk)[1]
        return piece(name, count), count, [(f"[{position}]", item) for position, item in enumerate(value)]
    if _kind(value) != "opaque" or type(value).__module__ in ("builtins", "datetime", "collections"):
        return None
    try:
        found = objects.attributes(value)
    except Exception:
        return None
    if not found:
        return None
    names = both(sorted(found), walk)[1]
    parts = [(f".{attribute}", found[attribute]) for attribute in sorted(found)]
    return piece(name, names), piece(objects.short_name(type(value)), names), parts


def _model_parts(model: Any, walk: Walk) -> "dict[str, tuple[bytes, bytes]]":
    """Encode a model's fitted state, by attribute, and what it predicts for fixed rows of many magnitudes."""
    import numpy as np

    parts = {"type": both(type(model), walk)}
    try:
        state = objects.attributes(model) or {}
    except Exception:
        state = {}
    for name in sorted(state):
        parts[f"state {name}"] = both(state[name], walk)
    # RandomState's streams are the same in all versions of numpy, those of Generator are not.
    random = np.random.RandomState(20240229)
    shape = (MODEL_ROWS, int(model.n_features_in_))
    rows: Any = random.normal(size=shape) * 10 ** random.uniform(-2, 5, size=shape)
    names = getattr(model, "feature_names_in_", None)
    if names is not None:
        import pandas as pd

        rows = pd.DataFrame(rows, columns=list(names))
    before = np.random.get_state()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for method in ("predict", "predict_proba"):
                if callable(getattr(model, method, None)):
                    parts[method] = both(getattr(model, method)(rows), walk)
    finally:
        np.random.set_state(before)
    return parts


def _of_local(found: Mapping[str, Any], name: str) -> "dict[str, Any]":
    if name in found:
        return describe(found[name])
    return _digest(UNSEEN, b"", b"", {}, {"$": f"no local {name}"})


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
