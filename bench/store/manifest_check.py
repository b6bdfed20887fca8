"""Checks that the free-form parts of a manifest have the form that a report reads.

A result set may come from anywhere. The reader refuses a part of another form and names it, so that later code need
not check. Unknown fields are accepted. The scoring checks the answers to the checklist
(:func:`bench.scoring.checklist.recorded`).
"""

from datetime import date
from typing import Annotated, Any

import msgspec

from bench.contract.pipeline import Parameter, Pipeline, Stage
from bench.contract.records import ResultSet
from bench.errors import BenchError

__all__ = ["MOST_TARGETS", "fault_of"]

MOST_TARGETS = 100
"""Largest number of targets in a set; every two of them are compared."""
_Day = Annotated[str, msgspec.Meta(pattern=r"\A\d{4}-\d{2}-\d{2}(T[\d:.+Z-]{1,30})?\Z")]
_Positive = Annotated[float, msgspec.Meta(ge=0, le=1e18)]


class _Form(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the forms; unknown fields are accepted."""


class _Machine(_Form, frozen=True, kw_only=True):
    processor: str
    cores: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    system: str
    memory: _Positive = 0
    kernel: str = ""
    architecture: str = ""
    virtual: bool = False
    filesystem: str = ""
    python: str = ""
    identity: str = ""


class _Variable(_Form, frozen=True, kw_only=True):
    value: str
    reason: str


class _Setting(_Form, frozen=True, kw_only=True):
    what: str
    value: str
    default: str
    reason: str
    source: str | None = None


class _Setup(_Form, frozen=True, kw_only=True):
    run_by: str
    environment: dict[str, _Variable] = {}
    settings: tuple[_Setting, ...] = ()


class _Option(_Form, frozen=True, kw_only=True):
    what: str = ""
    stricter: bool = False


class _Capability(_Form, frozen=True, kw_only=True):
    scope: str
    reason: str
    source: str | None = None
    setups: tuple[str, ...] = ()


class _Reuse(_Form, frozen=True, kw_only=True):
    mechanism: str
    what: str
    promised: bool


class _Adapter(_Form, frozen=True, kw_only=True):
    setups: dict[str, _Setup] = {}
    display: str = ""
    licence: str = ""
    role: str = "tool"
    options: dict[str, _Option] = {}
    environment: dict[str, _Variable] = {}
    settings: tuple[_Setting, ...] = ()
    reuse: _Reuse | None = None
    absent: dict[str, _Capability] = {}


class _Environment(_Form, frozen=True, kw_only=True):
    packages: dict[str, str]
    seconds: _Positive
    bytes: _Positive
    python: str
    made: _Day | None = None
    newest: str | None = None
    released: _Day | None = None
    newest_released: _Day | None = None


class _Request(_Form, frozen=True, kw_only=True):
    tool: str
    adapter: tuple[str, ...]
    scenario: tuple[str, ...]
    profile: str | None
    pipeline: str | None
    seed: Annotated[int, msgspec.Meta(ge=0)]
    jobs: Annotated[int, msgspec.Meta(ge=1)]
    case: tuple[str, ...] = ()
    time_limit: float | None = None


class _Pipeline(_Form, frozen=True, kw_only=True):
    name: str
    parameters: tuple[Parameter, ...]
    stages: tuple[Stage, ...]
    modules: dict[str, str]


_FORMS: dict[str, Any] = {
    "machine": _Machine,
    "adapters": dict[str, _Adapter],
    "environments": dict[str, _Environment],
    "pipelines": dict[str, _Pipeline],
    "questions": dict[str, dict[str, Any]],
}


def fault_of(result_set: ResultSet) -> str | None:
    """Return which part of a manifest has a wrong form, and why; None if all are right."""
    for name, form in _FORMS.items():
        fault = _unlike(getattr(result_set, name), form)
        if fault is not None:
            return f"'{name}': {fault}"
    if result_set.request:
        fault = _unlike(result_set.request, _Request)
        if fault is not None:
            return f"'request': {fault}"
    for tool, made in result_set.environments.items():
        for field in ("released", "newest_released"):
            if made.get(field) and not _is_day(made[field]):
                return f"'environments': '{made[field]}' is no day - at $.{tool}.{field}"
    return _targets(result_set) or _pipelines(result_set)


def _unlike(value: Any, form: Any) -> str | None:
    try:
        msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        return str(error)
    return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _targets(result_set: ResultSet) -> str | None:
    """Return which target its adapter does not describe; None if all are described."""
    if len(result_set.targets) > MOST_TARGETS:
        return f"'targets': there are {len(result_set.targets)}, and at most {MOST_TARGETS} are compared"
    for target in result_set.targets:
        about = result_set.adapters.get(target.tool)
        if about is None:
            return f"'adapters': nothing is said of '{target.tool}', which is a target"
        if target.setup not in about.get("setups", {}):
            return f"'adapters': '{target.tool}' has no set-up '{target.setup}', which is a target's"
        missing = [name for name in target.options if name not in about.get("options", {})]
        if missing:
            return f"'adapters': '{target.tool}' has no option '{missing[0]}', which is a target's"
    return None


def _pipelines(result_set: ResultSet) -> str | None:
    """Return which pipeline cannot be rebuilt; None if all can."""
    for name, data in result_set.pipelines.items():
        try:
            Pipeline.from_json(data)
        except (BenchError, TypeError) as error:
            return f"'pipelines': '{name}' is no pipeline ({error})"
    return None
