"""What a pipeline is given: parameters, constants, and the list that a mapped stage makes.

Standard library only, as :mod:`bench.contract.pipeline`.
"""

import math
import typing
from dataclasses import replace
from typing import Any, Final

from bench.contract.stage import MARKERS, File, Json, Kind, Output, Parameter, union_of
from bench.errors import PipelineError

__all__ = ["REQUIRED", "check_value", "mapped_output", "parameter_of"]


class _Required:
    """The type of :data:`REQUIRED`."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = _Required()
"""Stands for the default of a parameter that has none. None is a value."""

KINDS = "File, str, int, float, bool, dict, list, or one of these with None, as in int | None"
SCALAR_KINDS = ("file", "str", "int", "float", "bool")


def parameter_of(where: str, name: str, kind: Any, default: Any) -> Parameter:
    """Return a parameter of a kind as its user writes it. Raises PipelineError, which begins with ``where``."""
    plain, optional = _without_none(where, kind)
    found = MARKERS.get(plain) if isinstance(plain, type) else None
    origin = typing.get_origin(plain) or plain
    if plain is Json or origin in (dict, list):
        found = "json"
    if found not in (*SCALAR_KINDS, "json"):
        said = getattr(kind, "__name__", kind)
        raise PipelineError(f"{where}: its kind must be one of {KINDS}, not {said}")
    hint = _hint(plain, default) if found == "json" else ""
    if isinstance(default, _Required):
        return Parameter(name, found, required=True, optional=optional, hint=hint)
    _check_default(where, plain, found, default, optional=optional)
    return Parameter(name, found, default, optional=optional, hint=hint)


def _without_none(where: str, kind: Any) -> tuple[Any, bool]:
    parts = union_of(kind)
    if parts is None:
        return kind, False
    others = [part for part in parts if part is not type(None)]
    if len(others) != 1:
        raise PipelineError(f"{where}: its kind must be one of {KINDS}, not {kind}")
    return others[0], True


def _hint(kind: Any, default: Any) -> str:
    """Return the type of a dict or list as source; that of its items from the default where it is not said."""
    if typing.get_origin(kind) is not None:
        return str(kind).replace("typing.", "")
    if kind is dict or (kind is Json and not isinstance(default, list)):
        return "dict"
    items = {type(item) for item in default} if isinstance(default, list) else set()
    return (
        f"list[{items.pop().__name__}]"
        if len(items) == 1 and items <= {str, int, float, bool, dict}
        else "list"
    )


def _check_default(where: str, kind: Any, found: Kind, default: Any, *, optional: bool) -> None:
    if default is None:
        if not optional:
            raise PipelineError(
                f"{where}: default None is no {_name(kind)}; leave the default out for a value that must be given, "
                f"or write {_name(kind)} | None"
            )
        return
    expected = str if kind is File else (typing.get_origin(kind) or kind)
    if found == "json" and kind is Json:
        expected = dict if isinstance(default, dict) else list
    if type(default) is not expected:
        raise PipelineError(
            f"{where}: default {default!r} is a {type(default).__name__}, expected {expected.__name__}"
        )
    check_value(f"{where}: its default", default)


def check_value(where: str, value: Any) -> None:
    """Raise PipelineError for a value that JSON does not have; ``where`` begins the message.

    Numbers that are not finite are taken too, but not inside of dicts and lists, where tools could not give them.
    """
    if not isinstance(value, float):
        _check_json(where, value)


def _check_json(where: str, value: Any) -> None:
    if type(value) is dict:
        wrong = next((key for key in value if type(key) is not str), None)
        if wrong is not None:
            raise PipelineError(
                f"{where} has the key {wrong!r}; the keys of a dict must be texts, as in JSON"
            )
        for part in value.values():
            _check_json(where, part)
    elif type(value) is list:
        for part in value:
            _check_json(where, part)
    elif value is not None and type(value) not in (str, int, float, bool):
        raise PipelineError(
            f"{where} is {value!r}; a value must be a text, a number, a bool, None, or a list or dict of these: "
            "let a stage make it and pass its output"
        )
    elif type(value) is float and not math.isfinite(value):
        raise PipelineError(f"{where} holds {value!r}, which JSON does not have")


def mapped_output(
    where: str, items: str, kind: Kind, outputs: tuple[Output, ...], *, several: bool
) -> Output:
    """Return the list of what the calls of a mapped stage return. Raises PipelineError for no or several values."""
    if kind != "json":
        raise PipelineError(f"{where} is mapped over '{items}', which is no list")
    if several:
        raise PipelineError(f"{where} is mapped, so it must return one value; return a dict of several")
    if not outputs:
        raise PipelineError(f"{where} is mapped, so it must return a value; return the item, for example")
    one = outputs[0]
    plain = one.plain or one.kind in ("str", "int", "float", "bool")
    return replace(one, kind="json", plain=plain, item=one.kind)


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))
