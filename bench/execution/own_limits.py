"""What is different in a trial that runs a user's own pipeline: its time limit, and the environments that fit."""

import msgspec

from bench.contract.driver import Definition
from bench.contract.records import Command, Declared
from bench.contract.trial_exits import TrialSkipped

__all__ = ["longer", "must_not_require"]

SHARE = 20
"""Times of its own time in plain Python that a run of a user's pipeline may take longer than others."""


def longer(command: Command, definition: Definition) -> Command:
    """Return the command with a time limit that fits what the pipeline itself takes."""
    own = definition.own
    if own is None:
        return command
    return msgspec.structs.replace(command, time_limit=command.time_limit + SHARE * own.seconds)


def must_not_require(definition: Definition) -> None:
    """End the trial if the user's pipeline needs packages that another environment than the tool's own lacks."""
    if definition.requires:
        reason = (
            "it needs another environment than the tool's own, and bench makes none there with what "
            f"the pipeline requires ({', '.join(definition.requires)[:100]})"
        )
        raise TrialSkipped(Declared(outcome="not attempted", reason=reason))
