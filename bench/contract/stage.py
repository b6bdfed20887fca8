"""The parts of a pipeline: kinds of data, parameters, settings and stages.

Standard library only, as :mod:`bench.contract.pipeline`.
"""

import inspect
import keyword
import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field
from typing import Any, Literal

from bench.errors import PipelineError, nearest

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
    "keeps_json",
    "kind_of",
    "outputs_of",
    "union_of",
]

Kind = Literal["table", "model", "json", "file", "page", "str", "int", "float", "bool"]
Value = str | int | float | bool | None | list[Any] | dict[str, Any]
"""What a parameter can be, or an argument that is given as a value: whatever JSON has."""
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

    name: of the stage, where it is not the function's; needed by who wants to choose the names of several stages
    of one function, which are else numbered: ``load``, ``load_2``.
    output: name of its one output (a stage with several names them in its NamedTuple).
    layer: data layer of its outputs after the Kedro convention, such as ``"03_primary"``.
    cached: a later run should reuse its result, with the tool's own means. cached_for: number of seconds
    after which the result must not be reused any more.
    retries, retry_delay: number of tries after an error, and the seconds before each.
    timeout: seconds after which one try must be ended.
    report: it returns a page of HTML, which the tool should show with its own means.
    """

    def __new__(cls, *_positional: Any, **stated: Any) -> typing.Self:
        """Name the nearest setting where there is none of a name. Raises PipelineError."""
        for wrong in stated.keys() - {known.name for known in fields(cls)}:
            raise PipelineError(
                f"Settings has no '{wrong}'{nearest(wrong, [known.name for known in fields(cls)])}"
            )
        return super().__new__(cls)

    name: str | None = None
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
    """A value from outside the pipeline.

    required: whether it has no default; with one, ``default`` may be None. optional: whether it may be None.
    hint: its type as Python source, such as ``list[int]``.
    """

    name: str
    kind: Kind
    default: Value = None
    required: bool = False
    optional: bool = False
    hint: str = ""

    @property
    def annotation(self) -> str:
        """Return its type as Python source; a file is text."""
        plain = self.hint or {"file": "str", "json": "dict"}.get(self.kind, self.kind)
        return f"{plain} | None" if self.optional else plain


@dataclass(frozen=True)
class Output:
    """A named value that a stage produces; the name is unique in the pipeline.

    field: of the NamedTuple that holds it, where it has another name there. plain: whether it is of kind ``json`` and
    its annotation promises that JSON keeps it as it is. item: the kind of one result of a mapped stage.
    optional: whether it may be None.
    """

    name: str
    kind: Kind
    field: str | None = None
    plain: bool = False
    item: Kind | None = None
    optional: bool = False


@dataclass(frozen=True)
class Stage:
    """One call of a plain function in the graph.

    inputs: argument to the name of the parameter or output that feeds it. constants: argument to the value that the
    pipeline itself gives it.
    over: the argument that is mapped over a list known only at run time, or None.
    several: whether it returns a NamedTuple (even one of a single field). copied: whether its function is a copy of an
    earlier stage's, below the user's text.
    """

    name: str
    function: str
    module: str
    inputs: Mapping[str, str]
    outputs: tuple[Output, ...]
    constants: Mapping[str, Value] = dataclass_field(default_factory=dict)
    over: str | None = None
    several: bool = False
    layer: str | None = None
    cached: bool = False
    cached_for: int | None = None
    retries: int = 0
    retry_delay: int = 0
    timeout: int | None = None
    report: bool = False
    copied: bool = False


def check_name(name: str, what: str) -> str:
    """Return a name as Python knows it (PEP 3131). Raises PipelineError for what is no name.

    Names with two underscores on both sides are Python's own.
    """
    known = unicodedata.normalize("NFKC", name) if isinstance(name, str) else ""
    if not known.isidentifier() or keyword.iskeyword(known):
        raise PipelineError(f"{what} {name!r}: a name must be a Python identifier and no keyword")
    if known.startswith("__"):
        raise PipelineError(f"{what} '{name}': names that begin with two underscores are Python's own")
    return known


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
        return tuple(_output(field, kinds[field]) for field in fields), True
    if settings.output is None and tuple in (returned, typing.get_origin(returned)):
        raise PipelineError(
            f"{where}: return several values as a typing.NamedTuple, which names them; a tuple that is one value is "
            "named by Settings(output=...)"
        )
    return (_output(check_name(settings.output or f"{name}_result", "output"), returned),), False


def _output(name: str, hint: Any) -> Output:
    kind, optional = kind_of(hint)
    return Output(name, kind, plain=kind == "json" and keeps_json(hint), optional=optional)


def kind_of(hint: Any) -> tuple[Kind, bool]:
    """Return the kind of an annotation, and whether it may be None."""
    parts = union_of(hint)
    if parts is not None:
        others = [part for part in parts if part is not type(None)]
        optional = len(others) < len(parts)
        return (kind_of(others[0])[0] if len(others) == 1 else "model"), optional
    if hint in SCALARS:
        return SCALARS[hint], False
    origin = typing.get_origin(hint) or hint
    if origin in (dict, list):
        return "json", False
    # By name, because pandas must not be imported here.
    return ("table" if getattr(origin, "__name__", "") == "DataFrame" else "model"), False


def union_of(hint: Any) -> tuple[Any, ...] | None:
    """Return the members of a union, such as ``int | None``; None for any other annotation."""
    return typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else None


def keeps_json(hint: Any) -> bool:
    """Whether JSON keeps every value of this annotation as it is: only texts as keys, only JSON values."""
    parts = union_of(hint)
    if parts is not None:
        return all(part is type(None) or keeps_json(part) for part in parts)
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is dict:
        return arguments[0] is str and keeps_json(arguments[1])
    if typing.get_origin(hint) is list:
        return keeps_json(arguments[0])
    return hint in SCALARS
