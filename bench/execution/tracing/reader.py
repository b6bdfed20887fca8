"""Reads what the processes of a run wrote down, and pairs and counts it; nothing here judges a tool."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bench.errors import TraceError
from bench.host import untrusted_files

__all__ = [
    "Body",
    "Digest",
    "Event",
    "Part",
    "altered",
    "bodies",
    "first_body",
    "last_body",
    "read",
]

Kind = Literal["loaded", "forked", "spawned", "module", "missing", "start", "end", "error", "held"]


@dataclass(frozen=True)
class Part:
    """Digests of a part of a value; equal ``value`` means equal in any representation."""

    strict: str
    value: str


@dataclass(frozen=True)
class Digest:
    """Digests of one value: of the whole, and of its columns or of the paths in it.

    kind: ``table``, ``model``, ``json``, ``array``, ``scalar``, ``opaque``; ``undescribed`` where nothing
    of it could be described; ``unseen`` where it was not there. undescribed: by the path of a part whose
    state cannot be seen (``$`` is the whole), its type and the reason.
    """

    kind: str
    strict: str
    value: str
    parts: Mapping[str, Part]
    undescribed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One line of a trace.

    ns: on the monotonic clock. kind: ``loaded``, a Python process came up; ``forked``, one was forked;
    ``spawned``, one starts the program ``file`` with ``argv``; ``module``, the project's ``file`` was
    compiled; ``missing``, a span's function or statements are not there; ``start``, ``end``, ``error``
    of a body; ``held``, it waits. call: the same for all events of one body. changed: names of the inputs
    that the body has changed in place. detail: of an error the type's name, of ``spawned`` the way, of
    ``held`` the point, of ``missing`` what.
    """

    ns: int
    pid: int
    thread: int
    kind: Kind
    ppid: int | None = None
    stage: str | None = None
    call: str | None = None
    file: str | None = None
    argv: tuple[str, ...] = ()
    inputs: Mapping[str, Digest] = field(default_factory=dict)
    outputs: Mapping[str, Digest] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    detail: str | None = None


@dataclass(frozen=True)
class Body:
    """One execution of a stage's own statements.

    end_ns is None where it never ended (its process was killed). error: the type of the exception that
    left it; None where it ended well or never ended. changed: names of its inputs that it changed in place,
    where that was looked for.
    """

    stage: str
    call: str
    pid: int
    thread: int
    start_ns: int
    end_ns: int | None = None
    error: str | None = None
    inputs: Mapping[str, Digest] = field(default_factory=dict)
    outputs: Mapping[str, Digest] = field(default_factory=dict)
    changed: tuple[str, ...] = ()


def read(folder: Path) -> list[Event]:
    """Return the events of a trace in order of time; none where no Python process came up.

    A last line without an end is passed over. Raises TraceError where there is no trace, a process
    could not write to it, or a line cannot be read.
    """
    if not (folder / "settings").exists():
        raise TraceError(f"{folder} holds no trace; a run is traced with the variables of prepare()")
    if not (folder / "intact").exists():
        raise TraceError(
            f"the trace in {folder} is not complete: a process could not write to it or read its "
            "settings; look for a full disk or missing permissions, and run again"
        )
    path = folder / "events.jsonl"
    try:
        lines = untrusted_files.read(path).splitlines(keepends=True)
    except FileNotFoundError:
        return []
    except untrusted_files.OddFileError as error:
        raise TraceError(f"{path} is no trace: {error.strerror}") from error
    events = []
    for number, line in enumerate(lines, 1):
        if not line.endswith(b"\n"):
            break
        try:
            events.append(_event(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TraceError(f"{path}:{number} is no event: {error}") from error
    return sorted(events, key=lambda event: event.ns)


def bodies(events: Iterable[Event]) -> list[Body]:
    """Return the bodies in the order in which they started.

    An end written by another process than the start (a fork inside a body) does not end it.
    """
    events = list(events)
    ends = {(event.call, event.pid): event for event in reversed(events) if event.kind in ("end", "error")}
    found = []
    for event in events:
        if event.kind != "start":
            continue
        end = ends.get((event.call, event.pid))
        found.append(
            Body(
                stage=event.stage or "",
                call=event.call or "",
                pid=event.pid,
                thread=event.thread,
                start_ns=event.ns,
                end_ns=end.ns if end else None,
                error=end.detail if end and end.kind == "error" else None,
                inputs=event.inputs,
                outputs=end.outputs if end else {},
                changed=end.changed if end else (),
            )
        )
    return sorted(found, key=lambda body: body.start_ns)


def first_body(events: Iterable[Event]) -> Body | None:
    """Return the body that started first."""
    return next(iter(bodies(events)), None)


def last_body(events: Iterable[Event]) -> Body | None:
    """Return the body that ended last; one that never ended is passed over."""
    ended = [body for body in bodies(events) if body.end_ns is not None]
    return max(ended, key=lambda body: body.end_ns or 0, default=None)


def altered(given: Digest, got: Digest, by: Literal["strict", "value"] = "strict") -> tuple[str, ...]:
    """Return the names of the parts in which two values differ, also those that only one has.

    ``("*",)`` where the values differ as wholes and no part shows it. Empty if equal.
    """
    if getattr(given, by) == getattr(got, by):
        return ()
    names = dict.fromkeys((*given.parts, *got.parts))
    none = Part("", "")
    return tuple(
        name
        for name in names
        if getattr(given.parts.get(name, none), by) != getattr(got.parts.get(name, none), by)
    ) or ("*",)


def _event(line: dict[str, Any]) -> Event:
    for name in ("argv", "changed"):
        line[name] = tuple(line.get(name, ()))
    for name in ("inputs", "outputs"):
        line[name] = {key: _digest(found) for key, found in line.get(name, {}).items()}
    return Event(**line)


def _digest(found: dict[str, Any]) -> Digest:
    parts = {name: Part(**part) for name, part in found.pop("parts").items()}
    return Digest(parts=parts, **found)
