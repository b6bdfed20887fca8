"""The faults, as data: what happens in the first run, and where."""

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

__all__ = ["CASES", "GOING_ON", "UNFINISHED", "Case"]

GOING_ON = ("running", "pending", "scheduled", "paused", "cancelling")
"""States of a run that has not ended, in whatever words of the tool."""
UNFINISHED = "unfinished"
"""State of a run that has not ended well, where the tool cannot tell whether it still goes on."""


@dataclass(frozen=True)
class Case:
    """One fault.

    chaos: what the variable CHAOS says in the first run, and in no other. held: the stage at whose start
    (or ``held_at`` its end) the harness acts; sends: the signal it sends then, and to whom; kills_server: it
    kills the server; freezes: it makes the small disk read-only. small_disk: whether the tool's folders lie on one.
    asks: the setting that the pipeline states, whose capability a tool must have. says: text, in lower
    case, that names the error. loses: the stage whose finished work nobody could have kept. waits:
    whether the record is looked at again later. native: whether the project is edited to the form that the
    tool has. calls: how often a mapped stage, or what makes one part, is called. time_limit: of each run, in
    seconds.
    """

    chaos: str = ""
    held: str | None = None
    sends: tuple[signal.Signals, Literal["main", "group", "tree"]] | None = None
    held_at: Literal["start", "end"] = "start"
    kills_server: bool = False
    freezes: bool = False
    small_disk: bool = False
    asks: Literal["retries", "timeout"] | None = None
    says: str | None = None
    loses: str | None = None
    waits: bool = False
    native: bool = False
    calls: Mapping[str, int] = field(default_factory=dict)
    time_limit: float = 120.0

    @property
    def strikes(self) -> bool:
        """Whether the first run cannot have ended well with the right output.

        A tool that hands values on in memory writes no output that could fail.
        """
        return bool(self.chaos) and self.asks is None and self.loses is None


def raised(stage: str, calls: Mapping[str, int] | None = None, time_limit: float = 120.0) -> Case:
    """Return the case in which a stage raises."""
    return Case(
        f"{stage} raise", says=f"planted failure in {stage}", calls=calls or {}, time_limit=time_limit
    )


def sent(number: signal.Signals, who: Literal["main", "group", "tree"]) -> Case:
    """Return the case in which a signal is sent while the third stage runs."""
    return Case(held="assess", sends=(number, who), waits=True)


CASES: dict[str, Case] = {
    "raises": raised("assess"),
    "late-failure": raised("report"),
    "fan-failure": raised("score", {"score": 50}, 300.0),
    "partitions": raised("write_parts"),
    "partitions-native": replace(raised("write_parts", {"write_parts": 8}), native=True),
    "task-killed": Case("assess kill", waits=True),
    "out-of-memory": Case("assess allocate", says="memoryerror"),
    "disk-full": Case("build fill", says="errno 27", loses="build"),
    "no-space": Case("build fill-up", small_disk=True, says="no space left on device", loses="build"),
    "read-only": Case(
        held="build",
        held_at="end",
        freezes=True,
        small_disk=True,
        says="read-only file system",
        loses="build",
    ),
    "run-killed": sent(signal.SIGKILL, "main"),
    "run-terminated": sent(signal.SIGTERM, "main"),
    "interrupted": sent(signal.SIGINT, "group"),
    "power-cut": sent(signal.SIGKILL, "tree"),
    "server-dies": Case(held="assess", kills_server=True, waits=True, time_limit=60.0),
    "own-killed": Case(sends=(signal.SIGKILL, "tree")),
    "flaky": Case("assess flaky", asks="retries", says="planted failure in assess"),
    "timeout": Case("assess hang", asks="timeout"),
}
