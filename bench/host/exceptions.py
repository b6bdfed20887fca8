"""Finds in what a program said the exception with which it ended."""

import re

__all__ = ["last_exception", "steady_part"]

ENDS = "Error|Exception|Exit|Interrupt|Warning|Failed|Failure"
EXCEPTION = re.compile(rf"([A-Za-z_]\w*\.)*[A-Z]\w*({ENDS})\b(:|$)")
"""A line with which Python ends a traceback."""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
VARYING = re.compile(r"<sandbox>|<environment>|/|0x|\d{3,}|[^\x20-\x7e]")
"""What may be other text in the next run."""
MOST = 300
"""Characters of an exception that are kept."""


def last_exception(said: str) -> str | None:
    """Return type and text of the last exception in what a program said, on one line; None if there is none."""
    lines = (COLOUR.sub("", line).strip() for line in said.splitlines())
    found = [line for line in lines if EXCEPTION.match(line)]
    return found[-1][:MOST] if found else None


def steady_part(raised: str) -> str:
    """Return an exception up to what differs from run to run, such as a path or the number of a process."""
    return VARYING.split(raised, maxsplit=1)[0].rstrip()
