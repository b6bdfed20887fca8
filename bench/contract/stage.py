"""The parts of a pipeline: kinds of data, parameters, settings and stages.

Standard library only, as :mod:`bench.contract.pipeline`.
"""

import inspect
import keyword
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bench.errors import PipelineError

__all__ = [
    "MARKERS",
    "PLAIN",
    "File",
    "Json",
    "Kind",
    "Model",
    "Output",
    "Parameter",
    "Settings",
    "Stage",
    "Table",
    "Value",
    "check_function",
    "check_name",
    "check_settings",
    "outputs_of",
]

Kind = Literal["table", "model", "json", "file", "page", "str", "int", "float", "bool"]
Value = str | int | float | bool
SCALARS: dict[type, Kind] = {str: "str", int: "int", float: "float", bool: "bool"}


class File:
    """Kind of a parameter that is a path; the stage gets it as text."""


class Table:
    """Kind of a pandas DataFrame."""


class Model:
    """Kind of any picklable object."""


class Json:
    """Kind of a dict or a list of JSON values."""


MARKERS: dict[type, Kind] = {File: "file", Table: "table", Model: "model", Json: "json", **SCALARS}


@dataclass(frozen=True)
class Settings:
    """What a stage may state besides its inputs.

    output: name of its one output (a stage with several names them in its NamedTuple).
    layer: data layer of its outputs after the Kedro convention, such as ``"03_primary"``.
    cached: a later run should reuse its result, with the tool's own means. cached_for: number of seconds
    after which the result must not be reused any more.
    retries, retry_delay: number of tries after an error, and the seconds before each.
    timeout: seconds after which one try must be ended.
    report: it returns a page of HTML, which the tool should show with its own means.
    """

    output: str | None = None
    layer: str | None = None
    cached: bool = False
    cached_for: int | None = None
    retries: int = 0
    retry_delay: int = 0
    timeout: int | None = None
    report: bool = False


PLAIN = Settings()
"""The default settings."""


@dataclass(frozen=True)
class Parameter:
    """A value from outside the pipeline. A ``default`` of None means that the value is required."""

    name: str
    kind: Kind
    default: Value | None = None


@dataclass(frozen=True)
class Output:
    """A named value that a stage produces; the name is unique in the pipeline."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Stage:
    """One call of a plain function in the graph.

    inputs: argument to the name of the parameter or output that feeds it.
    over: the argument that is mapped over a list known only at run time, or None.
    several: whether it returns a NamedTuple (even one of a single field).
    """

    name: str
    function: str
    module: str
    inputs: Mapping[str, str]
    outputs: tuple[Output, ...]
    over: str | None = None
    several: bool = False
    layer: str | None = None
    cached: bool = False
    cached_for: int | None = None
    retries: int = 0
    retry_delay: int = 0
    timeout: int | None = None
    report: bool = False


def check_name(name: str, what: str) -> None:
    """Raise PipelineError for a name that some tool does not accept."""
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_") or name != name.lower():
        raise PipelineError(f"{what} '{name}': a name is a lower-case Python identifier")


def check_function(function: Callable[..., Any], pipeline: str) -> None:
    """Raise PipelineError for anything but a function at the top level of a module."""
    if not inspect.isfunction(function) or "." in function.__qualname__:
        raise PipelineError(
            f"a stage of pipeline '{pipeline}' must be a function at the top level of a module, not {function!r}"
        )


def check_settings(where: str, settings: Settings) -> None:
    """Raise PipelineError for settings that contradict each other."""
    if settings.retries < 0 or settings.retry_delay < 0:
        raise PipelineError(f"{where}: retries and retry_delay must be 0 or more")
    if settings.timeout is not None and settings.timeout <= 0:
        raise PipelineError(f"{where}: timeout must be a number of seconds above 0")
    if settings.cached_for is not None and (settings.cached_for <= 0 or not settings.cached):
        raise PipelineError(f"{where}: cached_for is a number of seconds above 0, beside cached=True")
    if settings.retry_delay and not settings.retries:
        raise PipelineError(f"{where}: retry_delay without retries does nothing; give retries too")


def outputs_of(
    where: str, name: str, function: Callable[..., Any], settings: Settings
) -> tuple[tuple[Output, ...], bool]:
    """Return the outputs of a function, from its annotation, and whether they are a named tuple.

    Raises PipelineError for an annotation that is missing, cannot be read, or is not a supported kind.
    """
    try:
        hints = typing.get_type_hints(function)
    except NameError as error:
        raise PipelineError(
            f"{where}: an annotation of {function.__name__}() cannot be read: {error}"
        ) from error
    if "return" not in hints:
        raise PipelineError(f"{where}: annotate what {function.__name__}() returns (None if nothing)")
    returned = hints["return"]
    if returned is type(None):
        return (), False
    fields = getattr(returned, "_fields", None)
    if fields is not None:
        if settings.output is not None:
            raise PipelineError(f"{where}: its outputs are named by {returned.__name__}")
        kinds = typing.get_type_hints(returned)
        return tuple(Output(field, _kind(where, kinds[field])) for field in fields), True
    return (Output(settings.output or f"{name}_result", _kind(where, returned)),), False


def _kind(where: str, hint: Any) -> Kind:
    if hint in SCALARS:
        return SCALARS[hint]
    origin = typing.get_origin(hint) or hint
    if origin in (dict, list):
        return "json"
    if origin is tuple:
        raise PipelineError(f"{where}: return several values as a typing.NamedTuple, which names them")
    if not isinstance(origin, type) or origin in (Any, types.UnionType):
        raise PipelineError(f"{where}: the annotation {hint!r} is not a supported kind of data")
    # By name, because pandas must not be imported here.
    return "table" if origin.__name__ == "DataFrame" else "model"
