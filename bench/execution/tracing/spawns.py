"""Which Python programs the traced processes started that never announced themselves."""

import re
import shlex
from collections.abc import Iterable, Sequence

from bench.execution.tracing.reader import Event

__all__ = ["untraced_spawns"]

PYTHON = re.compile(r"(python|pypy)[0-9.]*[td]?(\.exe)?$")
SHELLS = ("sh", "bash", "dash", "zsh")
SHELL_SYNTAX = set(";&|<>$`()*?~#\n{}")
ENDS_AT_ONCE = ("-V", "-VV", "--version", "-h", "--help", "--help-env", "--help-xoptions", "--help-all")
WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")


def untraced_spawns(events: Iterable[Event]) -> tuple[tuple[str, ...], ...]:
    """Return the argv of each started Python that left no ``loaded`` event, in order of time.

    Such a process (started with ``-I``, ``-E`` or ``-S``, or with a cleared PYTHONPATH) may run project
    code unseen. A start is matched with an announcement by its parent and arguments, where the parent
    is gone by its arguments alone. Starts through ``env`` and through a shell with one plain command
    are seen; a script that names its interpreter in its first line is not.
    """
    events = sorted(events, key=lambda event: event.ns)
    free = [event for event in events if event.kind == "loaded"]
    untraced = []
    for event in events:
        if event.kind != "spawned":
            continue
        command = _python_command(event)
        if command is None or _failed_exec(event, events):
            continue
        found = _announcement(event, command, free)
        if found is None:
            untraced.append(event.argv)
        else:
            free.remove(found)
    return tuple(untraced)


def _announcement(spawn: Event, command: Sequence[str], free: Iterable[Event]) -> Event | None:
    later = [event for event in free if event.ns > spawn.ns]
    same = [event for event in later if tuple(event.argv[1:]) == tuple(command[1:])]
    near = [event for event in same if spawn.pid in (event.ppid, event.pid)]
    nameless = [event for event in later if not event.argv and event.ppid == spawn.pid]
    return next(iter(near or nameless or same), None)


def _failed_exec(spawn: Event, events: Iterable[Event]) -> bool:
    """Whether the process went on after it tried to become another program."""
    if spawn.detail != "exec":
        return False
    after = next((event for event in events if event.pid == spawn.pid and event.ns > spawn.ns), None)
    return after is not None and after.kind != "loaded"


def _python_command(spawn: Event) -> tuple[str, ...] | None:
    """Return the command line of the interpreter that is started; None if none is, or it ends at once."""
    command = _inner(spawn.argv)
    if not command:
        return None
    direct = command == spawn.argv and spawn.file is not None and _is_python(spawn.file)
    if not direct and not _is_python(command[0]):
        return None
    return None if _ends_at_once(command[1:]) else command


def _inner(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Take ``env`` and a shell with one plain command away from the front of a command line."""
    name = argv[0].rpartition("/")[2] if argv else ""
    if name in SHELLS and len(argv) >= 3 and argv[1] == "-c" and not SHELL_SYNTAX & set(argv[2]):
        try:
            return _inner(_without_assignments(shlex.split(argv[2])))
        except ValueError:
            return argv
    if name == "exec" and len(argv) > 1:
        return _inner(argv[1:])
    if name == "env":
        rest = list(argv[1:])
        while rest and rest[0].startswith("-"):
            del rest[: 2 if rest[0] in ("-u", "--unset", "-C", "--chdir") else 1]
        return _inner(_without_assignments(rest))
    return argv


def _without_assignments(words: Sequence[str]) -> tuple[str, ...]:
    count = 0
    while count < len(words) and re.match(r"[A-Za-z_]\w*=", words[count]):
        count += 1
    return tuple(words[count:])


def _ends_at_once(arguments: Sequence[str]) -> bool:
    skip = False
    for argument in arguments:
        if skip:
            skip = False
        elif argument in ENDS_AT_ONCE:
            return True
        elif not argument.startswith("-") or argument in ("-", "-c", "-m"):
            return False
        else:
            skip = argument in WITH_VALUE
    return False


def _is_python(path: str) -> bool:
    return PYTHON.match(path.rpartition("/")[2]) is not None
