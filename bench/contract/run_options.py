"""What is special about a run of a trial."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from bench.contract.adapter import Sandbox
from bench.contract.pipeline import Value
from bench.contract.records import Command

__all__ = ["PLAIN", "RunOptions"]


@dataclass(frozen=True)
class RunOptions:
    """What is special about a run.

    parameters, environment: override the pipeline's values and the built variables. resumes: whether it resumes
    the previous run. rerun: the stage from which it must execute everything again when it resumes.
    digests: whether the inputs and outputs of each body are recorded as digests. repeat: whether it is made only to
    see what differs by itself. time_limit: in seconds. beside:
    whether it runs beside another run, and so delivers to its own folder ``results-beside``.
    sandbox: another one than the trial's, such as a moved one. untyped: leaves out what a user types for
    the named edit of the project. mistyped: a name in the command, and its misspelling. typed: text that the user
    types while it runs.
    """

    parameters: Mapping[str, Value] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    resumes: bool = False
    rerun: str | None = None
    digests: bool = False
    repeat: bool = False
    time_limit: float | None = None
    beside: bool = False
    sandbox: Sandbox | None = None
    untyped: bool = False
    mistyped: tuple[str, str] | None = None
    typed: str | None = None

    def typed_as(self, command: Command) -> Command:
        """Return the command of a run with what the user types and with its limits."""
        if self.mistyped is not None:
            right, wrong = self.mistyped
            argv = tuple(re.sub(rf"\b{re.escape(right)}\b", wrong, word) for word in command.argv)
            command = msgspec.structs.replace(command, argv=argv)
        if self.typed is not None:
            command = msgspec.structs.replace(command, stdin=self.typed)
        if self.time_limit is not None:
            command = msgspec.structs.replace(command, time_limit=self.time_limit)
        return command


PLAIN = RunOptions()
"""Nothing is special."""
