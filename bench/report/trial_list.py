"""What the list of all trials needs: each different command once, and what ran in a few words."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from bench.contract.records import Attempt, Command, Run
from bench.planning import profiles
from bench.report.page_data import Shown
from bench.store.archive import EVIDENCE
from bench.store.evidence import loose_name, name_of

__all__ = ["MARKS", "Commands", "again", "bodies", "edits", "logs", "served", "times"]

MARKS = ("interpreter", "module", "first_body", "last_body", "exit", "empty")
"""The marks of a run that are listed, as seconds from its start."""


ALONE, SERVED = 'data-evidence="alone"', 'data-evidence="served"'
"""What the page says of itself: whether its links to logs lead somewhere."""


class Commands:
    """All different commands, numbered from 1 in the order in which they are asked for."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, command: Command) -> int:
        """Return the number of a command."""
        return self._numbers.setdefault(_text(command), len(self._numbers) + 1)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return them as one would type them, in the order of their numbers."""
        return tuple(self._numbers)


def times(run: Run) -> list[str]:
    """Return the time of each of :data:`MARKS`, empty where it was not seen, then CPU seconds: its own, others'."""
    found = [run.seconds(mark) for mark in MARKS]
    own = run.usage.user_s + run.usage.system_s
    marks = ("" if seconds is None else f"{seconds:.3f}" for seconds in found)
    return [*marks, f"{own:.2f}", f"{run.others_s:.2f}"]


def bodies(run: Run) -> str:
    """Return which bodies ran, with how often and how they ended where that is not once and well."""
    if not run.traced:
        return "not traced"
    names = [
        f"{body.stage} ({body.error})"
        if body.error
        else body.stage
        if body.end is not None
        else f"{body.stage} (did not end)"
        for body in run.bodies
    ]
    return ", ".join(
        name if count == 1 else f"{name} {count} times" for name, count in Counter(names).items()
    )


def logs(attempt: Attempt, run: Run) -> Sequence[tuple[str, str]]:
    """Return the logs of a run: what each is, and where it is served."""
    name = name_of(attempt.evidence)
    files = (("out", run.stdout), ("err", run.stderr), ("trace", run.trace))
    return [(what, f"{EVIDENCE}/{name}/{quote(loose_name(file))}") for what, file in files if name and file]


def served(page: bytes) -> bytes:
    """Return the page for where its evidence is served beside it."""
    return page.replace(ALONE.encode(), SERVED.encode(), 1)


def edits(shown: Shown) -> Sequence[Mapping[str, Any]]:
    """Return what was changed between the runs of a case; the same for all targets."""
    attempts = (answer.attempts[0] for answers in shown.listed.values() for answer in answers[:1])
    return next((found for one in attempts if (found := _edits(one.facts.get("edits")))), ())


def _edits(told: Any) -> list[Mapping[str, Any]]:
    """Return the edits of stored facts; none where these have another form."""
    named = ("file", "old", "new")
    return [
        one
        for one in (told if isinstance(told, list) else ())
        if isinstance(one, dict) and one.keys() >= {*named}
    ]


def again(shown: Shown, profile: str) -> str:
    """Return the command that measures a case again, for the first of its targets."""
    argv = ["bench", "run", "--tool", next(iter(shown.listed)), "--scenario", shown.scenario]
    return shlex.join([*argv, "--case", shown.case, "--profile", profiles.of(profile, shown.scenario)])


def _text(command: Command) -> str:
    environment = [f"{name}={shlex.quote(value)}" for name, value in command.env.items()]
    return f"cd {command.cwd}\n{' '.join([*environment, shlex.join(command.argv)])}"
